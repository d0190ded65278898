using namespace System
Import-Module Store

function Get-Cart {
    param(
        [string]$Name,
        [int]$Count = 1
    )
    Write-Output $Name
    $store.Load($Count)
}

filter Select-Full { $_ }

class Cart : Basket {
    [string]$Name
    static [int] $count = 0
    Cart([string]$name) { $this.Name = $name }
    [void] Add([Item]$item) { [Store]::Put($item) }
}

enum Color { Red; Green = 2 }

Get-Cart -Name x | Select-Full

$Cache = @{}
[int]$script:Limit = 5
${script:Long Name}, $Other = 1, 2
$script:Limit += 1

function script:Reset-Cart { $local = 1; $script:Cache = $null; $Global:Count = 0 }
function Private:Get-Total { script:Reset-Cart; C:\tools\run.exe; & script:Get-Cart }
if ($Limit) { $inner = 1 }
$null = New-Item -Path x
$Null, [string]$NULL, $Rest = Get-Cart
${null} = 1
$nullable = $null

${function:Get-Short} = { Get-Cart -Name $args[0] }
[scriptblock]${Function:Get-Long} = { Get-Short }
$script:Kept, ${function:Get-Pair} = 1, $Cache
$alias:gc2 = 'Get-Cart'
$env:CART = 'x'
function Add-Helper { $function:Helper = { Get-Long } }
