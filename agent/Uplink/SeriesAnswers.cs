using Messaging.Streams;

namespace Messaging.Agent.Uplink;

/// <summary>Answers a server that does not know what numbers of series stand for.</summary>
internal sealed class SeriesAnswers(SeriesNumbers numbers, UplinkWriter writer, UplinkSender sender)
{
    /// <summary>The records that wait for the answer go again after it. What is lost is asked for again.</summary>
    public void Receive(SeriesRequest request)
    {
        var frames = new List<byte[]>();
        foreach (var answer in numbers.Answer(request))
        {
            if (writer.SealVolatile(RecordType.SeriesAnswer, answer.Encode()) is { } frame)
            {
                frames.Add(frame);
            }
        }

        sender.Answer(frames);
    }
}
