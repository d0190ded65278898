pragma solidity ^0.8.0;
import {Base} from "./Base.sol";

interface Priced { function price(uint a) external returns (uint); }

contract Token is Priced, Base(1) {
    uint public total;
    uint constant LIMIT = 1;
    mapping(address => Holder) holders;
    struct Holder { uint amount; }
    enum State { Open, Closed }
    event Sent(uint amount);
    error Empty(uint amount);
    modifier onlyOwner() { _; }
    constructor() Base(1) {}
    function price(uint a) public onlyOwner returns (uint) {
        emit Sent(a);
        check(a);
        this.other(a);
        revert Empty(1);
    }
}
library Sums { function add() internal {} }
function free() {}
