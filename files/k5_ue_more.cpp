UCLASS(Blueprintable)
class GAME_API AHero : public ACharacter
{
  GENERATED_BODY()
public:
  UPROPERTY(EditAnywhere, Category="X")
  float Speed = 1.f;
  UFUNCTION(BlueprintCallable)
  void Jump();
};
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FOnHit, float, Damage);
UENUM(BlueprintType)
enum class EState : uint8 { Idle UMETA(DisplayName="I"), Run };
USTRUCT()
struct FData { GENERATED_BODY() UPROPERTY() int32 N; };
int last;
