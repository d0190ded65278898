module Shop.Cart (add) where
import qualified Data.Map as M

data Cart = Cart { items :: [Item], count :: Int } | Empty deriving Show
newtype Wrapped a = Wrapped { unwrap :: a }
type Alias = Int

class Store s where
  put :: s -> Int
  put _ = 1

instance Store Cart where
  put c = size c

add :: Cart -> Item -> Cart
add Empty i = Cart [i] 1
add c i = helper c $ M.insert i 1 (find x)
  where helper y = y

limit = 1

(<+>), plus :: Int -> Int -> Int
(<+>) a b = a
a |> f = f a
x `at` y = x

class Ord a => Sorted a where
  (=>=) :: a -> a -> Bool
  least, most :: a -> a
