namespace Messaging.Agent.Status;

/// <summary>A part of the agent that has something to say on the status screen. Called from any thread, must not block.</summary>
internal interface IStatusPart
{
    void Contribute(StatusBuilder status);
}
