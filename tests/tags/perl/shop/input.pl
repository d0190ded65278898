package Shop::Stock;
use strict;
use parent 'Shop::Base';
use constant { FREE => 0, FULL => 10 };
use constant LIMIT => 5;
our $VERSION = '1.0';

has name => (is => 'ro');

sub new {
    my ($class, %args) = @_;
    return bless {%args}, $class;
}

sub total {
    my $self = shift;
    $self->count(1);
    Shop::Item->new(2);
    helper(3);
    return &round(4);
}

package Shop::Item;
sub price { 1 }
our ($First, @Rest, %Named) = (1);
