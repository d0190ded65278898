# frozen_string_literal: true

require 'set'

module Shop::Catalog
  VERSION = '1.0'
  MIN, MAX = 1, 9

  class Item < Base::Record
    include Comparable
    extend Helpers, Other::Tools
    attr_accessor :name
    COLORS ||= %i[red green]
    @@count = 0

    class << self
      def build(attributes) = new(attributes)

      private def secret; end
    end

    def self.create(*args, **options, &block)
      build(*args).tap { |item| item.save! }
    end

    def initialize(name)
      super()
      @name = name
    end

    def ==(other) = name == other.name
    def [](key); @values[key]; end
    def price=(value); self.total = value; end
    def größe?; end
    alias size length
    alias_method :count, :length
  end

  class ::TopLevel; end
  Point = Struct.new(:x, :y) do
    def norm; Math.sqrt(x * x); end
  end
end
