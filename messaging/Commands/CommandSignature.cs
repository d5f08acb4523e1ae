namespace Messaging.Commands;

/// <summary>What the signatures of a command are worth.</summary>
public enum CommandSignature
{
    /// <summary>Each is of a principal of the roster, and right.</summary>
    Right,

    /// <summary>The roster does not name the issuer.</summary>
    UnknownIssuer,

    /// <summary>The issuer has not signed it.</summary>
    Forged,

    /// <summary>Beside the issuer, somebody signed whom the roster does not name.</summary>
    UnknownSigner,

    /// <summary>Beside the issuer's, a signature is not over this command.</summary>
    ForgedToo,
}
