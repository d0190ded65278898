def toplevel(value)
  helper value
  case value
  when String, Set::SortedSet then Kernel.puts(value)
  in Point then nil
  end
  item&.save(1)
  Shop::Catalog::Item.new(1)
rescue ArgumentError, Shop::Error => e
  raise Failure, "#{explain(e)}"
end

$global = 1
local = Shop::LIMIT

task :build do
  sh 'make'
end

describe 'items' do
  it('counts') { expect(items.count).to eq 2 }
end

handler = ->(x) { x.call(local) }

def broken(
  class After; end
