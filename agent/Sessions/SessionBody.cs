using Messaging.Sessions;

namespace Messaging.Agent.Sessions;

/// <summary>What a session is for. Called by the session's loop alone, and never waits.</summary>
internal abstract class SessionBody : IDisposable
{
    /// <summary>Raised on any thread, when one of the others has changed.</summary>
    public event Action? Changed;

    /// <summary>How it ended by itself; null while it goes on, or has something to say yet.</summary>
    public abstract SessionEnd? End { get; }

    /// <summary>The next message of the client. What is not dealt with at once waits here, as far as the window reaches.</summary>
    public abstract void Take(SessionMessage message);

    /// <summary>A message that was dealt with, so that there is room for more; null when there is none.</summary>
    public abstract SessionMessage? NextTaken();

    /// <summary>The next message for the client; null when there is none now.</summary>
    public abstract SessionMessage? NextToSend();

    /// <summary>Bytes that may wait to be confirmed before nothing more is asked for.</summary>
    public virtual long MaxOutgoing => 64 * 1024;

    /// <summary>It works, though nothing comes or goes.</summary>
    public virtual bool IsBusy => false;

    /// <summary>Whoever ends it before its own end has had what it was for.</summary>
    public virtual bool IsDoneWhenClosed => true;

    /// <summary>The client ends it. Returns how it ended in truth.</summary>
    /// <param name="said">By the client; null: nothing that can be read.</param>
    public virtual SessionEnd Close(SessionEnd? said) => EndWith(new SessionEnd(SessionEndReason.Closed, null, "Closed by the client."));

    /// <summary>Somebody else ends it. Returns how it ended in truth: it may have been done just now.</summary>
    public virtual SessionEnd EndWith(SessionEnd end) => end;

    /// <summary>Ends what goes on.</summary>
    public abstract void Dispose();

    protected void HasChanged() => Changed?.Invoke();
}
