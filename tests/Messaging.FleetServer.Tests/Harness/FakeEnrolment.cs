using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>Tokens without a fleet behind them.</summary>
internal sealed class FakeEnrolment(FakeDevices devices, TimeProvider time) : IEnrolmentService
{
    private readonly Dictionary<string, TokenSnapshot> _tokens = new(StringComparer.Ordinal);

    public Task<CreatedToken> CreateTokenAsync(TokenRequest request, CancellationToken cancellationToken)
    {
        var token = new TokenSnapshot(
            (_tokens.Count + 1).ToString("x32"),
            request.Name,
            request.Tags,
            request.MaxUses,
            0,
            request.RequireApproval,
            time.GetUtcNow(),
            request.CreatedBy,
            time.GetUtcNow() + request.ExpiresIn,
            Revoked: false);
        _tokens[token.Id] = token;
        return Task.FromResult(new CreatedToken(token, "mt1.secret", new Uri("https://fleet.example")));
    }

    public Task<IReadOnlyList<TokenSnapshot>> ListTokensAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<TokenSnapshot>>([.. _tokens.Values]);

    public Task<bool> RevokeTokenAsync(string tokenId, CancellationToken cancellationToken) => Task.FromResult(_tokens.Remove(tokenId));

    public Task<EnrolmentAnswer> EnrolAsync(ReadOnlyMemory<byte> request, TimeSpan wait, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No device enrols here.");

    public Task<EnrolmentDecision> ApproveAsync(string deviceId, CancellationToken cancellationToken) => Decide(deviceId, DeviceStatus.Active);

    public Task<EnrolmentDecision> RejectAsync(string deviceId, string reason, CancellationToken cancellationToken) =>
        Decide(deviceId, DeviceStatus.Revoked);

    private Task<EnrolmentDecision> Decide(string deviceId, DeviceStatus status)
    {
        if (devices.Find(deviceId) is not { } device)
        {
            return Task.FromResult(EnrolmentDecision.NotFound);
        }

        if (device.Status != DeviceStatus.Pending && device.Status != status)
        {
            return Task.FromResult(EnrolmentDecision.Conflict);
        }

        devices.Add(device with { Status = status });
        return Task.FromResult(EnrolmentDecision.Done);
    }
}
