namespace Microsoft.ML;

/// <summary>Marks a class that a registered assembly contributes under a contract name.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
public abstract class ExtensionBaseAttribute : Attribute
{
    public string ContractName { get; }

    private protected ExtensionBaseAttribute(string contractName)
    {
        ContractName = contractName;
    }
}
