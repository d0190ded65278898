import React, { type FC, useState } from "react";
import { Button } from "./button";

interface Props<T> extends BaseProps {
  items: T[];
  onSelect?: (item: T) => void;
  render(item: T): React.ReactNode;
}

type State = { open: boolean } & Shared;

export const List: FC<Props<string>> = ({ items, onSelect }) => {
  const [open, setOpen] = useState<boolean>(false);
  const toggle = () => setOpen(!open);
  return (
    <Panel.Root onClick={toggle}>
      {items.map((item) => <Button<string> key={item} onPress={() => onSelect?.(item)} />)}
      <ul className="list"><li>{label(items)}</li></ul>
      <Icons.Arrow />
      <></>
    </Panel.Root>
  );
};

export default function Page<T,>({ title }: { title: string }) {
  return <main><h1>{title}</h1><List items={[]} /></main>;
}

export class Boundary extends React.Component<Props<any>, State> {
  state: State = { open: false };
  static defaultProps = {};
  handle = (error: Error) => { this.setState({ open: true }); };
  render() { return this.state.open ? <Fallback /> : this.props.children; }
}

const Styled = styled(Button)<StyledProps>`color: red;`;
export const Memoized = React.memo(List);
const element = <Größe />;
