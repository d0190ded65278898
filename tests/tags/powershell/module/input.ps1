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
