<?php
declare(strict_types=1);

namespace App\Http;

use Vendor\Logger;
use Vendor\{Cache, Queue as Jobs};
use function strlen;

#[Attribute(1)]
abstract class Controller extends Base implements Handler, \Vendor\Countable
{
    use Logging, Caching { log as write; }

    const LIMIT = 1, OTHER = self::LIMIT;
    public static ?Logger $logger = null, $second;
    private readonly int $size;

    public function __construct(private Cache $cache, int|Queue ...$rest)
    {
        parent::__construct();
        $this->first()->second();
        self::boot();
        Registry::$items;
        Level::High;
    }

    abstract protected function render(?View $view): static;
}

interface Handler extends Named, Sized
{
    const DEFAULT = 1;
    public function handle(Request $request): Response;
}

trait Logging
{
    protected $lines = [];
    function log() {}
}

enum Suit: string implements HasLabel
{
    case Hearts = 'H';
    case Spades = 'S';
    const WILD = self::Spades;

    public function label(): string { return ucfirst($this->value); }
}
