using System.Net;
using System.Text;
using NurtureEngine.Scriban.Evaluation;
using NurtureEngine.Scriban.Evaluation.Objects;
using static NurtureEngine.Scriban.Functions.Builtin;

namespace NurtureEngine.Scriban.Functions;

/// <summary><c>array.*</c>: each gives a new list and leaves the old one as it was.</summary>
internal static class ArrayFunctions
{
    private const int MaxJoined = 1_000_000;

    public static Builtin[] All { get; } =
    [
        Of("array.add list value", call => New(call.List(0).Append(call.Value(1)))),
        Of("array.add_range list1 list2", call => New(call.List(0).Concat(call.List(1)))),
        Of("array.concat list1 list2", call => New(call.List(0).Concat(call.List(1)))),
        Of("array.compact list", call => New(call.List(0).Where(item => Values.OrNull(item) is not null))),
        Of("array.any list function [args...]", call => call.List(0).Any(item => Test(call, item))),
        Of("array.each list function [args...]", call => New(call.List(0).Select(item => Apply(call, item)).ToList())),
        Of("array.filter list function [args...]", call => New(call.List(0).Where(item => Test(call, item)).ToList())),
        Of(
            "array.contains list item",
            call => call.List(0).Any(item => Operators.AreEqual(item, call.Value(1), call.Renderer, call.At))
        ),
        Of("array.cycle list [group]", Cycle),
        Of("array.first list", call => call.List(0) is [var first, ..] ? first : new Absent("array.first", call.At)),
        Of("array.last list", call => call.List(0) is [.., var last] ? last : new Absent("array.last", call.At)),
        Of("array.size list", call => (long)call.List(0).Count),
        Of("array.limit list count", call => New(call.List(0).Take(call.Integer(1)))),
        Of("array.offset list index", call => New(call.List(0).Skip(call.Integer(1)))),
        Of("array.reverse list", call => New(Enumerable.Reverse(call.List(0)))),
        Of("array.uniq list", Unique),
        Of("array.insert_at list index value", InsertAt),
        Of("array.remove_at list index", RemoveAt),
        Of("array.join list delimiter [function]", Join),
        Of("array.map list member", call => New(call.List(0).Select(item => MemberOf(item, call.Text(1))))),
        Of("array.sort list [member]", Sort),
    ];

    private static ScriptArray New(IEnumerable<object?> items) => new(items);

    private static object? Apply(Invocation call, object? item) =>
        call.Apply(call.Function(1), [item, .. call.Arguments.Skip(2)]);

    private static bool Test(Invocation call, object? item) => Values.IsTrue(Apply(call, item));

    // Each call gives the next item, round and round; lists of the same items, or of one group, go on together.
    private static object? Cycle(Invocation call)
    {
        var list = call.List(0);
        var group = call.Has(1) ? call.Text(1) : Values.Text(New(list), call.Culture);
        return list.Count == 0 ? null : list[call.Renderer.NextOf(group) % list.Count];
    }

    private static ScriptArray Unique(Invocation call)
    {
        var kept = new List<object?>();
        foreach (
            var item in call.List(0)
                .Where(item => !kept.Exists(known => Operators.AreEqual(known, item, call.Renderer, call.At)))
        )
        {
            kept.Add(item);
            // Each item is compared with all that are kept.
            call.Renderer.Budget.Step(call.At);
        }

        return New(kept);
    }

    private static ScriptArray InsertAt(Invocation call)
    {
        var (list, index) = (call.List(0), call.Integer(1));
        index = index < 0 ? Math.Max(0, list.Count + index) : Math.Min(index, 100_000);
        while (list.Count < index)
        {
            call.Renderer.Budget.Step(call.At);
            list.Add(null);
        }

        list.Insert(index, call.Value(2));
        return New(list);
    }

    private static ScriptArray RemoveAt(Invocation call)
    {
        var (list, index) = (call.List(0), call.Integer(1));
        index = index < 0 ? list.Count + index : index;
        if (index >= 0 && index < list.Count)
        {
            list.RemoveAt(index);
        }

        return New(list);
    }

    private static object? Join(Invocation call)
    {
        var isFirst = true;
        if (call.List(0).OfType<Absent>().FirstOrDefault() is { } absent)
        {
            return absent;
        }

        var isMarkup = call.List(0).Exists(item => item is Markup) || call.Value(1) is Markup;
        var texts = call.List(0).Select(item => Shown(item));
        if (call.Has(2))
        {
            texts = call.List(0).Select(item => Shown(call.Apply(call.Function(2), Values.Text(item, call.Culture))));
        }

        var (delimiter, joined) = (Shown(call.Value(1)), new StringBuilder());
        foreach (var text in texts)
        {
            joined.Append(isFirst ? "" : delimiter).Append(text);
            isFirst = false;
            if (joined.Length > MaxJoined)
            {
                throw call.Exceeded($"The text would be longer than {MaxJoined} characters.");
            }
        }

        return isMarkup ? new Markup(joined.ToString()) : joined.ToString();

        string Shown(object? item)
        {
            var text = Values.Text(item, call.Culture);
            return isMarkup && item is not Markup ? WebUtility.HtmlEncode(text) : text;
        }
    }

    // Stable, as equal items keep the order they had.
    private static ScriptArray Sort(Invocation call)
    {
        var list = call.List(0);
        var member = call.Has(1) ? call.Text(1) : null;
        var comparer = Comparer<object?>.Create((left, right) => Ordered(left, right, call));
        return New(list.OrderBy(item => member is null ? item : MemberOf(item, member), comparer).ToList());
    }

    private static int Ordered(object? left, object? right, Invocation call)
    {
        call.Renderer.Budget.Step(call.At);
        return (Values.OrNull(left), Values.OrNull(right)) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            _ => Operators.Compare(left, right, call.Renderer, call.At) ?? 0,
        };
    }

    private static object? Found(object owner, object? value, string name) =>
        owner is not ScriptObject && (value is null || (value is string text && string.IsNullOrWhiteSpace(text)))
            ? new Absent(name, 0)
            : value;

    // A member by its very name, else along the dots.
    private static object? MemberOf(object? item, string name)
    {
        if (item is IModel model && model.TryGet(name, out var value))
        {
            return Found(item, value, name);
        }

        foreach (var part in name.Split('.'))
        {
            item =
                item is IModel inner && inner.TryGet(part, out var next) ? Found(inner, next, name)
                : item is IModel and not ScriptObject ? new Absent(name, 0)
                : null;
        }

        return item;
    }
}
