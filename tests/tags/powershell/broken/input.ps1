function First { param([string]$A) Write-Host $A }
function Second( { Get-Item
class Open { [int] $x
function Third { First -A 1 }
}
