class before {
}
class middle (((
class after {
}
