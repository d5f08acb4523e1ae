using System.Text;

namespace Messaging.Agent.Enrolment;

/// <summary>A file that holds an enrolment token and nothing else.</summary>
internal static class TokenFile
{
    /// <summary>A token has at most 1024 characters.</summary>
    private const int MaxBytes = 4096;

    /// <exception cref="TokenFileException">It cannot be read, or holds more than a token.</exception>
    public static string Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MaxBytes + 1];
            var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            return length <= MaxBytes
                ? Encoding.UTF8.GetString(buffer, 0, length)
                : throw new TokenFileException($"{path} holds more than an enrolment token.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenFileException($"The enrolment token cannot be read: {e.Message}");
        }
    }
}
