sub before { 1 }
my $x = ((( ;
sub after { before(2) }
