using System.Collections;
using Scriban.Runtime;

namespace NurtureEngine.Core.Templating.Rendering;

/// <summary>The values of a model in the forms that Scriban computes with.</summary>
internal static class ModelValues
{
    /// <summary>
    /// The value of a field; null where there is none: an absent one, a blank text, a list without items that have a value.
    /// </summary>
    public static object? Of(object? value) =>
        value switch
        {
            null => null,
            string text => string.IsNullOrWhiteSpace(text) ? null : text,
            IModel model => new ModelObject(model),
            DateTimeOffset instant => instant.UtcDateTime,
            IEnumerable items => ListOf(items),
            _ => value,
        };

    private static ScriptArray? ListOf(IEnumerable items)
    {
        var list = new ScriptArray(items.Cast<object?>().Select(Of).Where(item => item is not null));
        list.IsReadOnly = true;
        return list.Count == 0 ? null : list;
    }
}
