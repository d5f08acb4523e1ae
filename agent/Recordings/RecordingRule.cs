using System.Text;
using Messaging.Crypto;
using Messaging.Trust;

namespace Messaging.Agent.Recordings;

/// <summary>A rule of the fleet's policy by which what it is about is recorded.</summary>
/// <param name="number">Its place among the owners' rules, from 1.</param>
/// <param name="recorders">Who gets the recording.</param>
internal sealed class RecordingRule(int number, IReadOnlyList<HpkePublicKey> recorders)
{
    public IReadOnlyList<HpkePublicKey> Recorders { get; } = recorders;

    /// <summary>The rule that decides about a type; null when it does not say that it is recorded.</summary>
    public static RecordingRule? For(Policy policy, string type)
    {
        for (var i = 0; i < policy.Rules.Count; i++)
        {
            if (policy.Rules[i].IsAbout(type))
            {
                return policy.Rules[i].Recorders.Count == 0 ? null : new RecordingRule(i + 1, policy.Rules[i].Recorders);
            }
        }

        return null;
    }

    public override string ToString() => $"policy rule {number}";

    /// <summary>What whoever sits at it sees first.</summary>
    public string Notice()
    {
        var text = new StringBuilder($"[This session is recorded ({this}), for ");
        text.Append(Recorders.Count == 1 ? "the key " : "the keys ");
        for (var i = 0; i < Recorders.Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(Recorders[i].Kid.ToString());
        }

        return text.Append(": what is shown, not what is typed.]\r\n").ToString();
    }
}
