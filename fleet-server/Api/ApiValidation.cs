namespace Messaging.FleetServer.Api;

/// <summary>Collects everything that is wrong with a request, so that one answer names all of it.</summary>
internal sealed class ApiValidation
{
    private readonly SortedDictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public bool Failed => _errors.Count > 0;

    public ApiProblem Problem => Problems.Invalid(_errors);

    public void Add(string field, string message) =>
        _errors[field] = _errors.TryGetValue(field, out var messages) ? [.. messages, message] : [message];

    public void Require(bool condition, string field, string message)
    {
        if (!condition)
        {
            Add(field, message);
        }
    }

    /// <summary>Text of 1 to <paramref name="max"/> characters without control characters.</summary>
    public string Text(string? value, string field, int max)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(field, "Must not be empty.");
        }
        else if (value.Length > max)
        {
            Add(field, $"Must have at most {max} characters.");
        }
        else if (value.Any(char.IsControl))
        {
            Add(field, "Must not contain control characters.");
        }

        return value ?? "";
    }
}
