namespace Messaging.Agent.Configuration;

/// <summary>Where the value of an option comes from, in rising order of precedence.</summary>
internal enum OptionOrigin
{
    Default,
    File,
    Environment,
    CommandLine,
    Desired,
}
