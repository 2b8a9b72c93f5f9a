using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using NurtureEngine.Core.Diagnostics;

namespace NurtureEngine.Host.Imports;

/// <summary>Opens CSV files (RFC 4180; comma, semicolon or tab) in the encodings that spreadsheets write.</summary>
internal static class CsvText
{
    /// <summary>The names by which encodings are asked for; <c>auto</c> looks at the file.</summary>
    public static readonly string[] Encodings = ["auto", "utf-8", "gb18030"];

    static CsvText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding of a file: UTF-8 where all of it is, else GB 18030, as Chinese spreadsheets write it.</summary>
    public static Encoding EncodingOf(string file, string name)
    {
        var utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        if (name != "auto")
        {
            return name == "utf-8"
                ? utf8
                : Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }

        try
        {
            using var reader = new StreamReader(file, utf8, detectEncodingFromByteOrderMarks: true);
            var block = new char[64 * 1024];
            while (reader.Read(block) > 0) { }
            return utf8;
        }
        catch (DecoderFallbackException)
        {
            return Encoding.GetEncoding(
                "gb18030",
                EncoderFallback.ExceptionFallback,
                DecoderFallback.ExceptionFallback
            );
        }
    }

    /// <summary>Opens a file for reading; faults of its form go to <paramref name="faults"/> with their lines.</summary>
    public static CsvParser Open(TextReader text, List<Diagnostic> faults) =>
        new(
            text,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                DetectDelimiter = true,
                DetectDelimiterValues = [",", ";", "\t", "，"],
                IgnoreBlankLines = true,
                // A quotation mark that is never closed makes one cell of all that follows.
                MaxFieldSize = 64 * 1024,
                BadDataFound = bad =>
                    faults.Add(
                        new Diagnostic(
                            $"line {bad.Context.Parser!.RawRow}",
                            "has a quotation mark where none may be; expected a cell that holds one to stand in quotation marks, and each of them doubled."
                        )
                    ),
            }
        );
}
