# Reads paths of Ruby files, one a line, and prints for each what Ruby's own parser sees: PATH, then NAME GROUP LINE.
require "ripper"

# What makes methods of the symbols and strings that it is given: of all of them, or of the first alone.
EACH = %w[attr attr_reader attr_accessor].freeze
WRITERS = %w[attr_writer].freeze
FIRST = %w[alias_method define_method define_singleton_method].freeze
# The same of libraries: the language says nothing of them.
OF_LIBRARIES = %w[
  attr_internal attr_internal_reader attr_internal_accessor attr_internal_writer cattr_reader cattr_accessor cattr_writer
  mattr_reader mattr_accessor mattr_writer class_attribute thread_mattr_accessor thread_cattr_accessor delegate
  def_delegators def_instance_delegators alias_attribute scope has_many has_one belongs_to has_and_belongs_to_many
  has_one_attached has_many_attached attribute
].freeze

class Definitions
  def initialize
    @seen = []
  end

  attr_reader :seen

  def visit(node)
    return unless node.is_a?(Array)
    return node.each { |child| visit(child) } unless node.first.is_a?(Symbol)
    case node.first
    when :def then say(node[1], "function")
    when :defs then say(node[3], "function")
    when :alias then say(literal(node[1]), "function")
    when :class, :module then say(last_constant(node[1]), "type")
    when :assign, :opassign then say_assigned(node[1])
    when :massign then assigned_in(node[1])
    when :command then say_made(node[1], node[2])
    when :command_call then say_struct(node[1], node[3], node[4])
    when :method_add_arg then say_called(node)
    end
    node.drop(1).each { |child| visit(child) }
  end

  private

  def say(token, group, suffix = "")
    return unless token.is_a?(Array) && token[0].is_a?(Symbol) && token[0].start_with?("@")
    @seen << "\t#{token[1]}#{suffix}\t#{group}\t#{token[2][0]}"
  end

  def last_constant(node)
    node[0] == :const_path_ref ? node[2] : node[1]
  end

  def say_assigned(target)
    case target&.first
    when :var_field then say(target[1], "variable") if target[1]&.first == :@const
    when :const_path_field, :top_const_field then say(target.last, "variable")
    end
  end

  # The targets of an assignment to several: `A, (B, *C) = …`.
  def assigned_in(targets)
    return unless targets.is_a?(Array)
    return targets.each { |one| assigned_in(one) } unless targets.first.is_a?(Symbol)
    return say(targets, "variable") if targets.first == :@const
    return targets.drop(1).each { |one| assigned_in(one) } if targets.first.start_with?("mlhs")
    say_assigned(targets)
  end

  def literal(node)
    case node&.first
    when :symbol_literal then node[1][0] == :symbol ? node[1][1] : node[1]
    when :string_literal then node[1][1] if node[1].size == 2 && node[1][1][0] == :@tstring_content
    end
  end

  def say_called(node)
    call, arguments = node[1], node[2]
    say_made(call[1], arguments) if call[0] == :fcall
    say_struct(call[1], call[3], arguments) if call[0] == :call
  end

  # A structure has a method for each of its members.
  def say_struct(receiver, name, arguments)
    return unless %w[Struct Data].include?(receiver[1]&.[](1)) && name.is_a?(Array) && %w[new define].include?(name[1])
    given(arguments).each { |one| say(literal(one), "function") if one[0] == :symbol_literal }
  end

  def say_made(name, arguments)
    found = given(arguments).filter_map { |one| literal(one) if one.is_a?(Array) }
    found.each { |one| say(one, "function") } if EACH.include?(name[1])
    found.each { |one| say(one, "function", "=") } if WRITERS.include?(name[1])
    say(literal(given(arguments).first), "function") if FIRST.include?(name[1])
    return unless OF_LIBRARIES.include?(name[1])
    found.each { |one| ["", "="].each { |suffix| say(one, "unasked", suffix) } }
  end

  def given(arguments)
    return [] unless arguments.is_a?(Array)
    return given(arguments[1]) if %i[arg_paren args_add_block].include?(arguments[0])
    arguments.grep(Array)
  end
end

STDIN.each_line(chomp: true) do |path|
  tree = Ripper.sexp(File.binread(path).force_encoding("UTF-8"))
  next unless tree
  definitions = Definitions.new
  definitions.visit(tree)
  puts path, definitions.seen
end
