using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Limits;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Users;

/// <summary>
/// Verifies names and passwords. A hash is made slow on purpose, so there are bounds: a few at a time, a few dozen that wait, one for any number of clients that say the same,
/// none for what is known or guessed too often. Thread safe.
/// </summary>
internal sealed class UserAuthentication(UserDirectory users, TimeProvider time) : IDisposable
{
    /// <summary>Verifications that wait for their turn; with the others they are done within <see cref="Patience"/> on a small machine.</summary>
    public const int MaxWaiting = 64;

    /// <summary>How long one waits for its turn.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly KnownCredentials _known = new(time);
    private readonly FailureLimits _limits = new(time);
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Task<ReasonCode>> _running = [];

    // The other half of the processors is for messages.
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;
    private long _hashes;

    /// <summary>Hashes that were computed.</summary>
    public long Hashes => Interlocked.Read(ref _hashes);

    /// <summary>Says whether a client is who it says.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="name">Of CONNECT; null: there is none.</param>
    /// <param name="password">Of CONNECT; null: there is none.</param>
    /// <param name="cancellationToken">The client is gone, or late.</param>
    /// <returns>With success, the user whose password it was.</returns>
    public async Task<(ReasonCode Reason, MqttUser? User)> AuthenticateAsync(
        AddressKey address, byte[]? name, byte[]? password, CancellationToken cancellationToken)
    {
        if (name is null || password is not { Length: > 0 and <= MqttUserRules.MaxPasswordBytes } || name.Length is 0 or > MqttUserRules.MaxNameBytes)
        {
            return (ReasonCode.NotAuthorized, null);
        }

        var text = Encoding.UTF8.GetString(name);
        var user = users.Current?.Find(text);
        var mark = _known.Mark(text, password, user?.Password ?? MqttPassword.Nobody);
        var reason = _known.Find(mark) switch
        {
            true => ReasonCode.Success,
            false => ReasonCode.BadUserNameOrPassword,
            null => await Join(mark, address, text, user, password).WaitAsync(cancellationToken),
        };
        return (reason, reason == ReasonCode.Success ? user : null);
    }

    public void Dispose() => _slots.Dispose();

    /// <summary>The verification of the same name and password that runs already, or a new one.</summary>
    private Task<ReasonCode> Join(UInt128 mark, AddressKey address, string name, MqttUser? user, byte[] password)
    {
        lock (_gate)
        {
            if (_running.TryGetValue(mark, out var running))
            {
                return running;
            }

            // It goes on without its first client: the others wait for it, too.
            return _running[mark] = Task.Run(() => VerifyAsync(mark, address, name, user, password));
        }
    }

    private async Task<ReasonCode> VerifyAsync(UInt128 mark, AddressKey address, string name, MqttUser? user, byte[] password)
    {
        try
        {
            if (!_limits.Allows(address, name))
            {
                return ReasonCode.ConnectionRateExceeded;
            }

            if (!await TryTakeTurnAsync())
            {
                return ReasonCode.ServerBusy;
            }

            try
            {
                // Others may have failed while it waited. A hash takes a thread for long enough that those of the pool would be missed.
                return _limits.Allows(address, name)
                    ? await Task.Factory.StartNew(
                        () => Verify(mark, address, name, user, password), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    : ReasonCode.ConnectionRateExceeded;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(mark);
            }
        }
    }

    private async Task<bool> TryTakeTurnAsync()
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }

        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            await _slots.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private ReasonCode Verify(UInt128 mark, AddressKey address, string name, MqttUser? user, byte[] password)
    {
        // Who is not there takes as long as who says something wrong.
        Interlocked.Increment(ref _hashes);
        var isRight = (user?.Password ?? MqttPassword.Nobody).Matches(password) && user is not null;
        CryptographicOperations.ZeroMemory(password);
        _known.Add(mark, isRight);
        if (isRight)
        {
            _limits.Succeeded(address, name);
            return ReasonCode.Success;
        }

        _limits.Failed(address, name);
        return ReasonCode.BadUserNameOrPassword;
    }
}
