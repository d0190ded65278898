function before
    echo 1
end
if (((
function after
    before
end
