using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Twin;

/// <summary>How one property of a device is: [kind, name, state, healed, waitMs | null, detail, [kind, text] | null].</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">As in the desired state.</param>
/// <param name="State">How far it is.</param>
/// <param name="Healed">How often it was another one and was made right again, since it is wanted.</param>
/// <param name="WaitMs">While it is converging or drifted, in how many milliseconds at most it is something else; else null.</param>
/// <param name="Detail">What it waits for or why it failed, for people; at most <see cref="MaxDetailBytes"/>.</param>
/// <param name="Value">The value that a program reported; null for what has none.</param>
public sealed record PropertyReport(PropertyKind Kind, string Name, PropertyState State, uint Healed, uint? WaitMs, string Detail, AppValue? Value)
{
    /// <summary>The most bytes of a detail.</summary>
    public const int MaxDetailBytes = 256;

    private bool Waits => State is PropertyState.Converging or PropertyState.Drifted;

    internal void Write(ref CborWriter writer)
    {
        if (!IsName(Kind, Name) || Waits != WaitMs.HasValue)
        {
            throw new InvalidOperationException($"'{Name}' is no property, or waits without a limit.");
        }

        writer.WriteArrayHead(7);
        writer.WriteUInt64((ulong)Kind);
        writer.WriteText(Name);
        writer.WriteUInt64((ulong)State);
        writer.WriteUInt64(Healed);
        writer.WriteUInt64OrNull(WaitMs);
        writer.WriteText(Detail, MaxDetailBytes);
        if (Value is null)
        {
            writer.WriteNull();
        }
        else
        {
            Value.Write(ref writer);
        }
    }

    internal static bool TryRead(ref CborReader reader, [NotNullWhen(true)] out PropertyReport? report)
    {
        report = null;
        if (!reader.TryReadArray(7)
            || !reader.TryReadInt32(out var kind, (int)PropertyKind.App)
            || !reader.TryReadText(out var name, TwinText.MaxPathBytes)
            || !IsName((PropertyKind)kind, name)
            || !reader.TryReadInt32(out var state, (int)PropertyState.Failed)
            || !reader.TryReadUInt32(out var healed)
            || !TryReadWait(ref reader, out var wait)
            || !reader.TryReadText(out var detail, MaxDetailBytes))
        {
            return false;
        }

        AppValue? value = null;
        if (!reader.TryReadNull() && !AppValue.TryRead(ref reader, out value))
        {
            return false;
        }

        var read = new PropertyReport((PropertyKind)kind, name, (PropertyState)state, healed, wait, detail, value);
        report = read.Waits == wait.HasValue ? read : null;
        return report is not null;
    }

    private static bool TryReadWait(ref CborReader reader, out uint? wait)
    {
        wait = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        var ok = reader.TryReadUInt32(out var ms);
        wait = ms;
        return ok;
    }

    private static bool IsName(PropertyKind kind, string name) => kind switch
    {
        PropertyKind.Setting => TwinText.IsSetting(name),
        PropertyKind.File => TwinText.IsPath(name),
        PropertyKind.Unit => TwinText.IsUnit(name),
        _ => TwinText.IsApp(name),
    };
}
