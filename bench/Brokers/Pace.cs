namespace Messaging.Bench.Brokers;

/// <summary>Keeps publishers from sending so far ahead of the slowest subscriber that a broker would drop messages of QoS 0, which each of them may.</summary>
/// <param name="subscribers">How many there are.</param>
internal sealed class Pace(int subscribers)
{
    private const int MostAhead = 6000;
    private readonly int[] _taken = new int[subscribers];
    private int _sent;

    public void Took(int subscriber, int count) => Volatile.Write(ref _taken[subscriber], count);

    public async ValueTask WaitAsync(int messages)
    {
        var sent = Interlocked.Add(ref _sent, messages);
        while (sent - Slowest() > MostAhead)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    private int Slowest()
    {
        var least = int.MaxValue;
        for (var index = 0; index < _taken.Length; index++)
        {
            least = Math.Min(least, Volatile.Read(ref _taken[index]));
        }

        return least;
    }
}
