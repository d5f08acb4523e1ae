using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Epochs;

namespace Messaging.Tests.Spec.Files;

internal sealed class ReplayWindowFile : VectorDocument
{
    private static readonly string[][] Lossless =
    [
        ["check 0", "accept 1", "accept 1", "accept 2", "check 3", "accept 4", "accept 3", "check 4098", "check 4100", "check 4101"],
        ["accept 4096", "accept 4097", "check 1", "gap 1 4095", "check 4096", "accept 4097"],
        ["accept 5", "gap 2 3", "gap 9 5000", "gap 1 1", "accept 4", "gap 7 5000", "gap 6 1000000", "accept 1000001", "gap 1 10"],
        ["gap 0 5", "gap 5 4", "gap 4294967296 4294967296", "gap 1 4294967296", "accept 4294967296"],
    ];

    private static readonly string[][] Sliding =
    [
        ["check 0", "accept 1", "accept 1", "accept 3", "accept 2", "accept 5000", "check 904", "check 905", "accept 905", "accept 905", "check 3"],
        ["accept 4096", "check 1", "accept 1", "accept 4097", "check 1", "check 2", "accept 9000", "check 4905", "check 4904", "accept 4294967296"],
    ];

    public override string Name => "replay-window.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Steps on a new window. verdict: of check and accept (accept changes the window only when it is Fresh). ok: of gap. cumulative: afterwards.",
        ["lossless"] = Array(Lossless.Select(RunLossless)),
        ["sliding"] = Array(Sliding.Select(RunSliding)),
    };

    public override void Verify(JsonElement file)
    {
        // Build runs the library; a naive model in ReplayWindowTests holds its rules.
        Assert.Equal(Lossless.Length, file.GetProperty("lossless").GetArrayLength());
        Assert.Equal(Sliding.Length, file.GetProperty("sliding").GetArrayLength());
    }

    private static JsonObject RunLossless(string[] steps)
    {
        var window = new ReplayWindow();
        var results = steps.Select(step =>
        {
            var words = step.Split(' ');
            var seq = ulong.Parse(words[1]);
            var result = new JsonObject { ["step"] = step };
            if (words[0] == "gap")
            {
                result["ok"] = window.MarkGap(seq, ulong.Parse(words[2]));
            }
            else
            {
                result["verdict"] = window.Check(seq).ToString();
                if (words[0] == "accept")
                {
                    window.Accept(seq);
                }
            }

            result["cumulative"] = window.CumulativeThrough.ToString();
            return result;
        }).ToArray();
        return new JsonObject { ["steps"] = Array(results) };
    }

    private static JsonObject RunSliding(string[] steps)
    {
        var window = new SlidingWindow();
        var results = steps.Select(step =>
        {
            var words = step.Split(' ');
            var seq = ulong.Parse(words[1]);
            var result = new JsonObject { ["step"] = step, ["verdict"] = window.Check(seq).ToString() };
            if (words[0] == "accept")
            {
                window.Accept(seq);
            }

            return result;
        }).ToArray();
        return new JsonObject { ["steps"] = Array(results) };
    }
}
