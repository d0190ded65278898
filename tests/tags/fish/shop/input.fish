function shop_total --description 'Adds up'
    set -l sum (math $argv[1] + 1)
    shop_print $sum; and echo done
end

alias st 'shop_total'
alias sp=shop_print
shop_total 1
