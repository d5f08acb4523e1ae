using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>Who sits at this end of a session. Called by its loop alone, and never waits.</summary>
internal abstract class SessionUser
{
    /// <summary>Raised on any thread, when one of the others has changed.</summary>
    public event Action? Changed;

    /// <summary>Whether this end wants the session to be over.</summary>
    public abstract bool WantsEnd { get; }

    /// <summary>Bytes that may wait to be confirmed before nothing more is asked for.</summary>
    public virtual long MaxOutgoing => 128 * 1024;

    /// <summary>What is said when this end wants the session to be over.</summary>
    public virtual SessionEnd Farewell => new(SessionEndReason.Closed, null, "");

    /// <summary>The next message of the device.</summary>
    public abstract void Take(SessionMessage message);

    /// <summary>A message that was dealt with; null when there is none.</summary>
    public abstract SessionMessage? NextTaken();

    /// <summary>The next message for the device; null when there is none now.</summary>
    public abstract SessionMessage? NextToSend();

    /// <summary>What the session is waiting for has changed.</summary>
    /// <param name="state">To this.</param>
    /// <param name="detail">For people; empty: nothing to add.</param>
    public abstract void Say(SessionState state, string detail);

    protected void HasChanged() => Changed?.Invoke();
}
