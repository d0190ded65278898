classdef Shop < handle
    % A shop.
    properties
        limit = 10
        items
    end
    events
        Sold
    end
    methods
        function obj = Shop(n)
            obj.limit = scale(n);
        end
        function r = total(obj)
            r = add(obj.items);
        end
    end
end

function r = add(items)
    r = cellfun(@price, items);
end
