using System.Threading.RateLimiting;

namespace Messaging.FleetServer.Enrolment;

/// <summary>How often one address may ask to enrol: opening a request costs two curve operations.</summary>
internal sealed class EnrolmentGate(EnrolmentOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Burst,
            TokensPerPeriod = options.PerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    public RateLimitLease Enter(string address) => _limiter.AttemptAcquire(address);

    public static TimeSpan RetryAfter(RateLimitLease lease) =>
        lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1);

    public void Dispose() => _limiter.Dispose();
}
