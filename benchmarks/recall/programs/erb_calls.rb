# Reads paths of templates, one a line, and prints for each what Ruby's own parser sees called in it: PATH, then
# NAME GROUP LINE. The Ruby of a template is what the library ERB makes of it, which keeps its rows.
require "erb"
require "ripper"

# What ERB itself calls; it counts where the template has the word in that row.
OF_ERB = %w[<< to_s freeze new].freeze

# Rails allows a block behind `<%=`, for which ERB makes no Ruby.
def with_plain_blocks(source)
  source.gsub(/<%=(?=[^%]*(\bdo\b|\{)\s*(\|[^|]*\|)?\s*-?%>)/, "<% ")
end

# ERB drops the rows of a comment.
def without_comments(source)
  source.gsub(/<%#.*?%>/m) { |text| text.gsub(/[^\n]/, "") }
end

def called_in(node, seen)
  return unless node.is_a?(Array)
  token = node[1] if %i[command fcall].include?(node.first)
  token = node[3] if %i[call command_call].include?(node.first)
  seen << [token[1], token[2][0]] if token.is_a?(Array) && token[0].is_a?(Symbol) && token[0].start_with?("@")
  node.each { |child| called_in(child, seen) }
end

STDIN.each_line(chomp: true) do |path|
  source = File.read(path, encoding: "UTF-8")
  next unless source.valid_encoding?
  begin
    code = ERB.new(with_plain_blocks(without_comments(source)), trim_mode: "-").src
  rescue SyntaxError, ArgumentError
    next
  end
  tree = Ripper.sexp(code) or next
  calls = []
  called_in(tree, calls)
  puts path
  rows, first = source.lines, code.lines.first.include?("coding") ? 1 : 0
  calls.uniq.each do |name, line|
    next if OF_ERB.include?(name) && !rows[line - 1 - first].to_s.include?(name)
    puts "\t#{name}\tcall\t#{line - first}"
  end
end
