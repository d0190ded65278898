class Foo < Base
  attr_accessor :bar, :baz
  attr_reader :qux, "text"
  attr_writer :wr
  attr :old
  alias_method :other, :bar
  alias_method "quoted", "bar"
  alias third bar
  define_method(:made) { |x| helper(x) }
  define_method :made_by_block do
    1
  end
  define_method("by_text") { }
  has_many :items, dependent: :destroy
  belongs_to :owner, class_name: "User"
  has_one :profile
  scope :recent, -> { order(:id) }
  delegate :size, :empty?, to: :items
  def_delegators :@items, :first, :last
  mattr_accessor :conf
  cattr_reader :shared
  class_attribute :settings, default: {}
  validates :bar, presence: true
  private attr_reader :hidden
  object.attr_reader :foreign
  attr_reader(*NAMES)
  Inner::LIMIT = 1
  Inner::COUNT ||= 2
end

Point = Struct.new(:x, :y) do
  def dist; end
end
Coord = Data.define(:lat, :lng)
Error = Class.new(StandardError)
Other = Core::Struct.new(:inside)

case value
in [Integer => a, { k: }] then a
in Pt(x:) | Found[z] then z
in Deep::Kind => k then k
in Plain then 1
end

Integer("3") + Kernel.Float("1")
puts Array(LIMIT), (Rational 1, 2)
class Price < Dry::Struct(:amount); end
