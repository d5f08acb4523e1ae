using System.Formats.Asn1;
using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Keys;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Create_ThenOpened_IsTheSameKeyInAPrivateFile()
    {
        using var key = IdentityKey.Generate();
        var path = _folder.File("owner.pem");

        KeyFile.Create(path, CheapKey.Phrase, key);

        var encrypted = KeyFile.Load(path);
        Assert.True(encrypted.TryOpen(CheapKey.Phrase, out var opened));
        using (opened)
        {
            Assert.Equal(key.Public, opened.Public);
            Assert.True(key.Public.Verify([1, 2, 3], opened.Sign([1, 2, 3])));
        }

        Assert.Equal(TemporaryFolder.OwnerFile, File.GetUnixFileMode(path));
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal((KeyFile.Iterations, "1.2.840.113549.2.9", "2.16.840.1.101.3.4.1.42"), Encryption(encrypted.Der));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Create_WhereAFileIs_RefusesAndLeavesIt()
    {
        using var key = IdentityKey.Generate();
        var path = _folder.Write("owner.pem", "the only copy");

        var refused = Assert.Throws<CliException>(() => KeyFile.Create(path, CheapKey.Phrase, key));

        Assert.Contains("never overwritten", refused.Message, StringComparison.Ordinal);
        Assert.Equal("the only copy", File.ReadAllText(path));
    }

    [Fact]
    public void TryOpen_OtherPassphrase_IsFalse()
    {
        using var key = IdentityKey.Generate();
        var encrypted = KeyFile.Load(CheapKey.Write(_folder, "owner.pem", key));

        Assert.False(encrypted.TryOpen("correct horse batterz", out _));
        Assert.False(encrypted.TryOpen("", out _));
        Assert.True(encrypted.TryOpen(CheapKey.Phrase, out var opened));
        opened.Dispose();
    }

    [Fact]
    public void Load_EveryTruncationAndEveryChangedByte_OpensNothingElse()
    {
        using var key = IdentityKey.Generate();
        var path = CheapKey.Write(_folder, "owner.pem", key);
        var whole = File.ReadAllText(path);

        for (var length = 0; length < whole.Length; length++)
        {
            _folder.Write("owner.pem", whole[..length]);
            Assert.Throws<CliException>(() => KeyFile.Load(path));
        }

        for (var at = 0; at < whole.Length; at++)
        {
            _folder.Write("owner.pem", $"{whole[..at]}{(whole[at] == 'A' ? 'B' : 'A')}{whole[(at + 1)..]}");
            try
            {
                if (KeyFile.Load(path).TryOpen(CheapKey.Phrase, out var opened))
                {
                    // A changed byte of the IV may hit what is read past, but never the key.
                    using (opened)
                    {
                        Assert.Equal(key.Public, opened.Public);
                    }
                }
            }
            catch (CliException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void Load_OtherThings_IsRefusedWithAReason()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = CheapKey.Pem(ecdsa);

        AssertRefused("is no key", "");
        AssertRefused("is no key", "\0\u00ff\r\n");
        AssertRefused("no key with a passphrase", ecdsa.ExportPkcs8PrivateKeyPem());
        AssertRefused("no key with a passphrase", ecdsa.ExportECPrivateKeyPem());
        AssertRefused("is damaged", pem + "\n" + pem);
        AssertRefused("is damaged", "Bag Attributes\n" + pem);
        AssertRefused("is damaged", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n-----END ENCRYPTED PRIVATE KEY-----\n");
        AssertRefused("is damaged", ecdsa.ExportEncryptedPkcs8PrivateKeyPem(
            CheapKey.Phrase, new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 1)));
        Assert.Throws<IOException>(() => KeyFile.Load(_folder.Write("long.pem", new string('x', 20_000))));
        Assert.Throws<FileNotFoundException>(() => KeyFile.Load(_folder.File("missing.pem")));
    }

    [Fact]
    public void TryOpen_KeyOfAnotherKind_IsFalse()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var rsaPem = rsa.ExportEncryptedPkcs8PrivateKeyPem(CheapKey.Phrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1));

        Assert.False(KeyFile.Load(_folder.Write("p384.pem", CheapKey.Pem(p384))).TryOpen(CheapKey.Phrase, out _));
        Assert.False(KeyFile.Load(_folder.Write("rsa.pem", rsaPem)).TryOpen(CheapKey.Phrase, out _));
    }

    [Fact]
    public void IsAcceptable_IterationsThatWouldTakeHours_IsFalse()
    {
        Assert.True(KeyEnvelope.IsAcceptable(Envelope(1)));
        Assert.True(KeyEnvelope.IsAcceptable(Envelope(KeyEnvelope.MaxIterations)));
        Assert.False(KeyEnvelope.IsAcceptable(Envelope(KeyEnvelope.MaxIterations + 1)));
        Assert.False(KeyEnvelope.IsAcceptable(Envelope(long.MaxValue)));
        Assert.False(KeyEnvelope.IsAcceptable(Envelope(0)));
        Assert.False(KeyEnvelope.IsAcceptable(Envelope(-1)));
        Assert.False(KeyEnvelope.IsAcceptable(Envelope(1, derivation: "1.3.6.1.4.1.11591.4.11")));
        Assert.False(KeyEnvelope.IsAcceptable(new byte[] { 0x30, 0x80 }));
    }

    private static byte[] Envelope(long iterations, string derivation = "1.2.840.113549.1.5.12")
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (writer.PushSequence())
                {
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(derivation);
                        using (writer.PushSequence())
                        {
                            writer.WriteOctetString([1, 2, 3, 4, 5, 6, 7, 8]);
                            writer.WriteInteger(iterations);
                        }
                    }
                }
            }

            writer.WriteOctetString([0]);
        }

        return writer.Encode();
    }

    private static (int Iterations, string Hash, string Cipher) Encryption(byte[] der)
    {
        var scheme = new AsnReader(der, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        scheme.ReadObjectIdentifier();
        var parameters = scheme.ReadSequence();
        var derivation = parameters.ReadSequence();
        derivation.ReadObjectIdentifier();
        var how = derivation.ReadSequence();
        how.ReadOctetString();
        return ((int)how.ReadInteger(), how.ReadSequence().ReadObjectIdentifier(), parameters.ReadSequence().ReadObjectIdentifier());
    }

    private void AssertRefused(string reason, string content)
    {
        var path = _folder.Write("other.pem", content);
        Assert.Contains(reason, Assert.Throws<CliException>(() => KeyFile.Load(path)).Message, StringComparison.Ordinal);
    }
}
