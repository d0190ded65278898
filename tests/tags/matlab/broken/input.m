function r = before(x)
    r = x;
end
function r = middle(((
function r = after(x)
    r = before(x);
end
