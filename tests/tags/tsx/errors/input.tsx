// What the parser cannot make sense of must not take its neighbours along.
function Before(): JSX.Element {
  return <Row onClick={() => call(1)} />;
}

const half = (1 + ;

function Open({ size }: Props) {
  return <Cell size= />;
}

function After(props: Props) {
  return <Last {...props} />;
}
