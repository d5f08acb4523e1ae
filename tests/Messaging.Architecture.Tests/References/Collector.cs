using Mono.Cecil;

namespace Messaging.Architecture.Tests.References;

/// <summary>Gathers the types that one type names, taken apart to their plain names.</summary>
internal sealed class Collector(string user)
{
    private readonly Dictionary<string, TypeUse> _found = new(StringComparer.Ordinal);

    public IReadOnlyCollection<TypeUse> Found => _found.Values;

    public void Add(string where, IEnumerable<TypeReference?> types)
    {
        foreach (var type in types)
        {
            Add(where, type);
        }
    }

    public void AddAttributes(string where, ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(where, attribute.AttributeType);
            AddArguments(where, attribute.ConstructorArguments);
            AddArguments(where, attribute.Properties.Concat(attribute.Fields).Select(named => named.Argument));
        }
    }

    public void AddConstraints(string where, IGenericParameterProvider provider)
    {
        foreach (var parameter in provider.GenericParameters)
        {
            Add(where, parameter.Constraints.Select(constraint => constraint.ConstraintType));
            AddAttributes(where, parameter);
        }
    }

    public void Add(string where, TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                Add(where, generic.GenericArguments);
                Add(where, generic.ElementType);
                return;
            case FunctionPointerType pointer:
                Add(where, pointer.ReturnType);
                Add(where, pointer.Parameters.Select(parameter => parameter.ParameterType));
                return;
            case IModifierType modifier:
                Add(where, modifier.ModifierType);
                Add(where, modifier.ElementType);
                return;
            case TypeSpecification specification:
                Add(where, specification.ElementType);
                return;
            default:
                _found.TryAdd(type.FullName, new TypeUse(user, where, type));
                return;
        }
    }

    private void AddArguments(string where, IEnumerable<CustomAttributeArgument> arguments)
    {
        foreach (var argument in arguments)
        {
            Add(where, argument.Type);
            switch (argument.Value)
            {
                case TypeReference type:
                    Add(where, type);
                    break;
                case CustomAttributeArgument boxed:
                    AddArguments(where, [boxed]);
                    break;
                case CustomAttributeArgument[] several:
                    AddArguments(where, several);
                    break;
            }
        }
    }
}
