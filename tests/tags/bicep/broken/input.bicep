param before string
var middle = (((
param after string
