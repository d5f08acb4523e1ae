using Messaging.Architecture.Tests.References;

namespace Messaging.Architecture.Tests.Arrows;

/// <summary>Whoever looks for an event id in a device's journal finds one kind of entry.</summary>
public sealed class EventIdTests
{
    private const string LoggerMessage = "Microsoft.Extensions.Logging.LoggerMessageAttribute";

    [Fact]
    public void EventIds_OfTheAgent_AreUsedOnce()
    {
        var all = (from type in TypeUses.TypesOf(House.Agent)
                   from method in type.Methods
                   from attribute in method.CustomAttributes
                   where attribute.AttributeType.FullName == LoggerMessage
                   select (Id: (int)attribute.Properties.Single(property => property.Name == "EventId").Argument.Value, method.FullName)).ToList();

        Assert.NotEmpty(all);
        Assert.Empty(all.GroupBy(one => one.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(one => one.FullName))}"));
    }
}
