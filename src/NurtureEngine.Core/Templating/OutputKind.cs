namespace NurtureEngine.Core.Templating;

/// <summary>What the rendered text is used as, which decides how values are escaped.</summary>
public enum OutputKind
{
    /// <summary>Values are printed as they are.</summary>
    Text,

    /// <summary>Values are escaped, so that none can bring markup of its own.</summary>
    Html,
}
