using System.Runtime.Versioning;
using System.Text;
using CsCheck;
using Messaging.Relay.Users;

namespace Messaging.Relay.Tests.Users;

public sealed class MqttUserFileTests
{
    private const string Path = "/srv/fleet/mqtt-users.json";

    [Fact]
    public void Serialize_Parse_IsTheSame()
    {
        var users = MqttUserFile.Parse(MqttUserFile.Serialize([Some.User("b", ["x/%u/+"], ["y/#"]), Some.User("ä")]), Path);

        Assert.Equal(["b", "ä"], users.Select(user => user.Name));
        Assert.Equal(["x/%u/+"], users[0].Publish);
        Assert.Equal(["y/#"], users[0].Subscribe);
        Assert.True(users[0].Password.Matches(Encoding.UTF8.GetBytes(Some.PasswordOf("b"))));
        Assert.False(users[0].Password.Matches("the password of a"u8));
    }

    [Fact]
    public void Serialize_HoldsTheCost_AndNoPassword()
    {
        var text = Encoding.UTF8.GetString(MqttUserFile.Serialize([Some.User("a", ["x/+"])]));

        Assert.Contains($"\"iterations\": {MqttPassword.MinIterations}", text, StringComparison.Ordinal);
        Assert.Contains("\"x/+\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("the password", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CutAtEveryByte_IsRefused()
    {
        var whole = MqttUserFile.Serialize([Some.User("a", ["x"], ["y"])]);

        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => MqttUserFile.Parse(whole.AsSpan(0, length), Path));
        }
    }

    [Fact]
    public void Parse_ChangedAnywhere_IsReadOrRefused()
    {
        var whole = MqttUserFile.Serialize([Some.User("a", ["x"], ["y"])]);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 3].Sample(
            changes =>
            {
                var bytes = (byte[])whole.Clone();
                foreach (var (at, value) in changes)
                {
                    bytes[at] = value;
                }

                try
                {
                    MqttUserFile.Parse(bytes, Path);
                }
                catch (InvalidDataException)
                {
                    // Nothing else may come out.
                }
            },
            iter: 3000);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", "version")]
    [InlineData("\"version\": 1", "\"version\": 1, \"version\": 1", "not as it was written")]
    [InlineData("\"version\": 1", "\"version\": 1, \"more\": 1", "not as it was written")]
    [InlineData("\"version\": 1,", "", "not as it was written")]
    [InlineData("\"name\": \"a\"", "\"name\": null", "not as it was written")]
    [InlineData("\"name\": \"a\"", "\"name\": \"\"", "name has 1 to")]
    [InlineData("\"name\": \"a\"", "\"name\": \"a/b\"", "'/'")]
    [InlineData("\"name\": \"a\"", "\"name\": \"#\"", "'#'")]
    [InlineData("\"name\": \"a\"", "\"name\": \"$a\"", "'$'")]
    [InlineData("\"name\": \"a\"", "\"name\": \"a\\u0000b\"", "control characters")]
    [InlineData("\"name\": \"a\"", "\"name\": \"0123456789abcdef0123456789abcdef\"", "of a device")]
    [InlineData("\"name\": \"a\"", "\"name\": \"b\"", "there twice")]
    [InlineData("\"x\"", "\"a/#/b\"", "no filter")]
    [InlineData("\"x\"", "\"m1/#\"", "not for users")]
    [InlineData("\"x\"", "null", "")]
    [InlineData("\"iterations\": 10000", "\"iterations\": 1", "iterations")]
    [InlineData("\"iterations\": 10000", "\"iterations\": 2000000000", "iterations")]
    [InlineData("pbkdf2-hmac-sha256", "md5", "hashed by")]
    [InlineData("\"salt\": \"", "\"salt\": \"!", "not as it was written")]
    [InlineData("\"hash\": \"", "\"hash\": \"AAAA", "bytes")]
    public void Parse_Wrong_SaysWhatAndWhatToDo(string part, string instead, string says)
    {
        var text = Encoding.UTF8.GetString(MqttUserFile.Serialize([Some.User("a", ["x"]), Some.User("b")]));
        Assert.Contains(part, text, StringComparison.Ordinal);
        var at = text.IndexOf(part, StringComparison.Ordinal);
        var wrong = text[..at] + instead + text[(at + part.Length)..];

        var error = Assert.Throws<InvalidDataException>(() => MqttUserFile.Parse(Encoding.UTF8.GetBytes(wrong), Path));

        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("Restore it from a backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooMuch_IsRefused()
    {
        Assert.Throws<InvalidDataException>(() => MqttUserFile.Parse(new byte[MqttUserFile.MaxBytes + 1], Path));
        Assert.Throws<InvalidDataException>(() => MqttUserFile.Parse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"users\":[", 5000))), Path));
        var many = Some.User("a", [.. Enumerable.Range(0, MqttUserRules.MaxFilters + 1).Select(number => $"x/{number}")]);
        Assert.Throws<InvalidDataException>(() => MqttUserFile.Parse(MqttUserFile.Serialize([many]), Path));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void Read_ThatOthersMayRead_IsRefused()
    {
        var folder = Directory.CreateTempSubdirectory("users-test-");
        var path = System.IO.Path.Combine(folder.FullName, MqttUserFile.Name);
        Assert.Null(MqttUserFile.Read(path));
        Some.Write(path, Some.User("a"));
        Assert.Single(MqttUserFile.Read(path)!);

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => MqttUserFile.Read(path)).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
