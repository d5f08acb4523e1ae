using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Messaging.Architecture.Tests.References;

/// <summary>Finds every type that a type names: in signatures, fields, attributes, constraints, and in the code of its methods.</summary>
internal static class TypeUses
{
    /// <summary>All types of an assembly, nested and compiler-made ones too.</summary>
    public static IEnumerable<TypeDefinition> TypesOf(AssemblyDefinition assembly) =>
        assembly.Modules.SelectMany(module => module.Types).SelectMany(WithNested);

    /// <summary>A type and all types nested in it: lambdas, iterators and async methods live there.</summary>
    public static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    public static IEnumerable<TypeUse> Of(IEnumerable<TypeDefinition> types) => types.SelectMany(Of);

    public static IEnumerable<TypeUse> Of(TypeDefinition type)
    {
        var uses = new Collector(type.FullName);
        uses.Add("its base type", type.BaseType);
        uses.Add("an interface", type.Interfaces.Select(implemented => implemented.InterfaceType));
        uses.AddAttributes("an attribute", type);
        uses.AddConstraints("a type parameter", type);
        foreach (var field in type.Fields)
        {
            uses.Add(field.Name, field.FieldType);
            uses.AddAttributes(field.Name, field);
        }

        foreach (var property in type.Properties)
        {
            uses.Add(property.Name, property.PropertyType);
            uses.AddAttributes(property.Name, property);
        }

        foreach (var happening in type.Events)
        {
            uses.Add(happening.Name, happening.EventType);
            uses.AddAttributes(happening.Name, happening);
        }

        foreach (var method in type.Methods)
        {
            AddMethod(uses, method);
        }

        return uses.Found;
    }

    private static void AddMethod(Collector uses, MethodDefinition method)
    {
        uses.Add(method.Name, method.ReturnType);
        uses.Add(method.Name, method.Parameters.Select(parameter => parameter.ParameterType));
        uses.AddAttributes(method.Name, method);
        uses.AddConstraints(method.Name, method);
        foreach (var parameter in method.Parameters)
        {
            uses.AddAttributes(method.Name, parameter);
        }

        if (!method.HasBody)
        {
            return;
        }

        uses.Add(method.Name, method.Body.Variables.Select(variable => variable.VariableType));
        uses.Add(method.Name, method.Body.ExceptionHandlers.Select(handler => handler.CatchType));
        foreach (var instruction in method.Body.Instructions)
        {
            AddOperand(uses, method.Name, instruction);
        }
    }

    private static void AddOperand(Collector uses, string where, Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                uses.Add(where, type);
                break;
            case FieldReference field:
                uses.Add(where, field.DeclaringType);
                uses.Add(where, field.FieldType);
                break;
            case MethodReference method:
                uses.Add(where, method.DeclaringType);
                uses.Add(where, method.ReturnType);
                uses.Add(where, method.Parameters.Select(parameter => parameter.ParameterType));
                if (method is GenericInstanceMethod generic)
                {
                    uses.Add(where, generic.GenericArguments);
                }

                break;
            case CallSite site:
                uses.Add(where, site.ReturnType);
                uses.Add(where, site.Parameters.Select(parameter => parameter.ParameterType));
                break;
        }
    }
}
