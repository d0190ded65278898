param location string = 'west'
var limit = 10
type item = { price: int }
func twice(x int) int => x * 2
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: toLower(location)
  sku: { name: 'a' }
}
module stock 'stock.bicep' = {
  name: 'stock'
  params: { size: twice(limit) }
}
output id string = account.id
