using System.Runtime.CompilerServices;

namespace Messaging.Relay.Mqtt.Connections;

/// <summary>
/// Goes on at the end of the pool's queue, behind everybody who waits there. (Task.Yield goes on at the front of the thread's own queue: whoever has much to do would go on alone.)
/// </summary>
internal readonly struct Turn : ICriticalNotifyCompletion
{
    public static Turn Next => default;

    public bool IsCompleted => false;

    public Turn GetAwaiter() => this;

    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static go => go(), continuation, preferLocal: false);

    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static go => go(), continuation, preferLocal: false);

    public void GetResult()
    {
        // It only waits.
    }
}
