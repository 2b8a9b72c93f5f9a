namespace NurtureEngine.Studio.Descriptors;

/// <summary>An activity, as Elsa Studio reads it.</summary>
internal sealed record ActivityDescriptor
{
    public string TypeName { get; init; } = "";
    public string Namespace { get; init; } = "";
    public string Name { get; init; } = "";
    public int Version { get; init; } = 1;
    public string Category { get; init; } = "";
    public string DisplayName { get; init; } = "";
    public string Description { get; init; } = "";
    public string Kind { get; init; } = "Action";
    public IReadOnlyList<InputDescriptor> Inputs { get; init; } = [];
    public IReadOnlyList<object> Outputs { get; init; } = [];
    public IReadOnlyList<PortDescriptor> Ports { get; init; } = [];
    public Dictionary<string, object> CustomProperties { get; init; } = [];
    public Dictionary<string, object> ConstructionProperties { get; init; } = [];
    public bool IsContainer { get; init; }
    public bool IsBrowsable { get; init; } = true;
    public bool IsStart { get; init; }
    public bool IsTerminal { get; init; }
}

/// <summary>An input, as Elsa Studio reads it.</summary>
internal sealed record InputDescriptor
{
    public string Name { get; init; } = "";
    public string TypeName { get; init; } = "String";
    public string DisplayName { get; init; } = "";
    public string Description { get; init; } = "";
    public int Order { get; init; }
    public bool IsBrowsable { get; init; } = true;
    public bool IsSynthetic { get; init; }
    public bool IsWrapped { get; init; } = true;
    public string UiHint { get; init; } = "singleline";
    public string? DefaultValue { get; init; }
    public bool IsReadOnly { get; init; }
    public Dictionary<string, object>? UiSpecifications { get; init; }
}

/// <summary>A port: a dot by which lines leave.</summary>
internal sealed record PortDescriptor(string Name, string DisplayName)
{
    public string Type { get; init; } = "Flow";
    public bool IsBrowsable { get; init; } = true;
}
