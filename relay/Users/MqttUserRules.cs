using System.Text;
using Messaging.Relay.Mqtt.Access;
using Messaging.Wire;

namespace Messaging.Relay.Users;

/// <summary>What names and filters of users may be like. Answers are sentences, or null when all is well.</summary>
public static class MqttUserRules
{
    /// <summary>Bytes of a name, in UTF-8.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>Bytes of a password.</summary>
    public const int MaxPasswordBytes = 1024;

    /// <summary>Bytes of a filter, in UTF-8.</summary>
    public const int MaxFilterBytes = 1024;

    /// <summary>Filters of one user, for publishing and for subscribing each.</summary>
    public const int MaxFilters = 100;

    /// <summary>What is wrong with a name.</summary>
    public static string? NameProblem(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || !IsText(name) || Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
        {
            return $"A user's name has 1 to {MaxNameBytes} bytes of UTF-8, without control characters.";
        }

        // What %u stands for must be one level of a topic, and nothing else.
        if (name.AsSpan().ContainsAny('/', '+', '#') || name[0] == '$')
        {
            return "A user's name holds no '/', '+' and '#', and does not begin with '$': it may stand in topics.";
        }

        return PrincipalId.TryParse(name, out _) ? "A name of 32 hexadecimal digits is that of a device of the fleet." : null;
    }

    /// <summary>What is wrong with a filter of topics.</summary>
    public static string? FilterProblem(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (!IsText(filter) || Encoding.UTF8.GetByteCount(filter) > MaxFilterBytes)
        {
            return $"A filter has at most {MaxFilterBytes} bytes of UTF-8, without control characters.";
        }

        return AclPattern.Problem(filter);
    }

    /// <summary>Whether it is well-formed, and nothing in it disappears when it is printed.</summary>
    private static bool IsText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
