<?php
// Reads paths of PHP files, one a line, and prints for each what PHP-Parser sees: PATH, then NAME GROUP LINE.
require 'PhpParser/autoload.php';

use PhpParser\Node;

final class Definitions extends PhpParser\NodeVisitorAbstract
{
    /** @var string[] */
    public array $seen = [];

    public function enterNode(Node $node)
    {
        if ($node instanceof Node\Stmt\Function_ || $node instanceof Node\Stmt\ClassMethod) {
            $this->say($node->name, 'function');
        } elseif ($node instanceof Node\Stmt\ClassLike || $node instanceof Node\Stmt\Namespace_) {
            $this->say($node->name, 'type');
        } elseif ($node instanceof Node\Stmt\PropertyProperty || $node instanceof Node\Stmt\EnumCase) {
            $this->say($node->name, 'field');
        } elseif ($node instanceof Node\Param && $node->flags) {
            $this->say($node->var->name, 'field', $node->var->getStartLine());
        } elseif ($node instanceof Node\Stmt\ClassConst) {
            foreach ($node->consts as $const) {
                $this->say($const->name, 'variable');
            }
        } elseif ($node instanceof Node\Stmt\Const_) {
            foreach ($node->consts as $const) {
                $this->say($const->name, 'variable');
            }
        } elseif ($node instanceof Node\Expr\FuncCall && $node->name instanceof Node\Name) {
            $first = $node->args[0]->value ?? null;
            if ($node->name->toString() === 'define' && $first instanceof Node\Scalar\String_) {
                $this->say($first->value, 'variable', $first->getStartLine());
            }
        }
    }

    private function say(Node|string|null $name, string $group, int $line = 0): void
    {
        if ($name !== null) {
            $this->seen[] = "\t$name\t$group\t" . ($line ?: $name->getStartLine());
        }
    }
}

$parser = (new PhpParser\ParserFactory())->create(PhpParser\ParserFactory::ONLY_PHP7);
while (($path = fgets(STDIN)) !== false) {
    $path = rtrim($path, "\n");
    try {
        $statements = $parser->parse(file_get_contents($path));
    } catch (PhpParser\Error) {
        continue;
    }
    $definitions = new Definitions();
    $traverser = new PhpParser\NodeTraverser();
    $traverser->addVisitor($definitions);
    $traverser->traverse($statements);
    echo implode("\n", [$path, ...$definitions->seen, ""]);
}
