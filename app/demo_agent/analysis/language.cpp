#include "app/demo_agent/analysis/language.h"

#include <QHash>
#include <QRegularExpression>

#include <string_view>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

using enum LanguageKind;
using F = Family;
using Marks = std::array<const char *, 2>;

constexpr Marks noMarks{"", ""};
constexpr Marks slashes{"//", ""};
constexpr Marks hashes{"#", ""};

// The first entry with an extension wins, so the commoner meaning comes first.
// NOLINTBEGIN(modernize-use-designated-initializers): a table, its columns are those of the struct
constexpr std::array languages{
    Language{"C++", Code, F::C, "cpp cc cxx c++ hpp hh hxx h++ ipp tpp inl", "", "", slashes, "/*", "*/"},
    Language{"C", Code, F::C, "c h", "", "", slashes, "/*", "*/"},
    Language{"Objective-C", Code, F::C, "m mm", "", "", slashes, "/*", "*/"},
    Language{"Python", Code, F::Python, "py pyw pyi", "SConstruct SConscript wscript", "python pypy", hashes,
             "", ""},
    Language{"TypeScript", Code, F::JavaScript, "ts tsx mts cts", "", "deno", slashes, "/*", "*/"},
    Language{"JavaScript", Code, F::JavaScript, "js jsx mjs cjs", "", "node nodejs bun", slashes, "/*", "*/"},
    Language{"Vue", Code, F::JavaScript, "vue svelte", "", "", slashes, "/*", "*/"},
    Language{"Go", Code, F::Go, "go", "", "", slashes, "/*", "*/"},
    Language{"Rust", Code, F::Rust, "rs", "", "", slashes, "/*", "*/"},
    Language{"Java", Code, F::Java, "java", "", "", slashes, "/*", "*/"},
    Language{"Kotlin", Code, F::Java, "kt kts", "", "", slashes, "/*", "*/"},
    Language{"C#", Code, F::Java, "cs", "", "", slashes, "/*", "*/"},
    Language{"Scala", Code, F::Java, "scala sc", "", "", slashes, "/*", "*/"},
    Language{"Swift", Code, F::Java, "swift", "", "", slashes, "/*", "*/"},
    Language{"Dart", Code, F::Java, "dart", "", "", slashes, "/*", "*/"},
    Language{"Shell", Code, F::Shell, "sh bash zsh ksh dash bats", "", "sh bash zsh ksh dash bats", hashes,
             "", ""},
    Language{"Perl", Code, F::Perl, "pl pm t pod plx al xs", "", "perl", hashes, "", ""},
    Language{"Ruby", Code, F::Ruby, "rb rake gemspec", "Rakefile Gemfile Vagrantfile", "ruby", hashes, "",
             ""},
    Language{"PHP", Code, F::Php, "php phtml", "", "php", Marks{"//", "#"}, "/*", "*/"},
    Language{"Lua", Code, F::Lua, "lua", "", "lua luajit", Marks{"--", ""}, "--[[", "]]"},
    Language{"Haskell", Code, F::None, "hs lhs", "", "runhaskell", Marks{"--", ""}, "{-", "-}"},
    Language{"OCaml", Code, F::None, "ml mli", "", "ocaml", noMarks, "(*", "*)"},
    Language{"Erlang", Code, F::None, "erl hrl", "", "escript", Marks{"%", ""}, "", ""},
    Language{"Elixir", Code, F::None, "ex exs", "", "elixir", hashes, "", ""},
    Language{"Lisp", Code, F::None, "lisp el scm clj cljs rkt", "", "guile sbcl", Marks{";", ""}, "", ""},
    Language{"R", Code, F::None, "r", "", "Rscript", hashes, "", ""},
    Language{"Julia", Code, F::None, "jl", "", "julia", hashes, "#=", "=#"},
    Language{"Fortran", Code, F::None, "f f90 f95 f03", "", "", Marks{"!", ""}, "", ""},
    Language{"Assembly", Code, F::None, "s asm", "", "", Marks{";", "#"}, "/*", "*/"},
    Language{"Tcl", Code, F::None, "tcl", "", "tclsh wish", hashes, "", ""},
    Language{"Awk", Code, F::None, "awk", "", "awk gawk mawk", hashes, "", ""},
    Language{"SQL", Code, F::None, "sql", "", "", Marks{"--", ""}, "/*", "*/"},
    Language{"Zig", Code, F::None, "zig", "", "", slashes, "", ""},
    Language{"Nix", Code, F::None, "nix", "", "", hashes, "/*", "*/"},
    Language{"CMake", Code, F::None, "cmake", "CMakeLists.txt", "cmake", hashes, "", ""},
    Language{"Make", Code, F::None, "mk mak", "Makefile makefile GNUmakefile", "make", hashes, "", ""},
    Language{"M4", Code, F::None, "m4 ac", "", "", Marks{"dnl", "#"}, "", ""},
    Language{"Dockerfile", Code, F::None, "dockerfile", "Dockerfile Containerfile", "", hashes, "", ""},
    Language{"HTML", Markup, F::None, "html htm xhtml", "", "", noMarks, "<!--", "-->"},
    Language{"CSS", Markup, F::None, "css scss sass less", "", "", slashes, "/*", "*/"},
    Language{"XML", Data, F::None, "xml xsl xsd qrc ui svg plist", "", "", noMarks, "<!--", "-->"},
    Language{"JSON", Data, F::None, "json jsonl json5 webmanifest", "", "", noMarks, "", ""},
    Language{"YAML", Data, F::None, "yaml yml", "", "", hashes, "", ""},
    Language{"TOML", Data, F::None, "toml", "", "", hashes, "", ""},
    Language{"INI", Data, F::None, "ini cfg conf desktop service editorconfig", "", "", Marks{"#", ";"}, "",
             ""},
    Language{"CSV", Data, F::None, "csv tsv", "", "", noMarks, "", ""},
    Language{"Markdown", Prose, F::None, "md markdown mdx", "", "", noMarks, "<!--", "-->"},
    Language{"reStructuredText", Prose, F::None, "rst", "", "", noMarks, "", ""},
    Language{"Text", Prose, F::None, "txt text adoc org tex 1 3 5 7 8", "README COPYING LICENSE LICENCE NEWS",
             "", noMarks, "", ""},
};
// NOLINTEND(modernize-use-designated-initializers)

using Index = QHash<QString, const Language *>;

struct Indexes {
    Index byExtension;
    Index byName;
    Index byInterpreter;
};

void addAll(Index &index, const char *words, const Language *language)
{
    const QStringList keys = QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts);
    for (const QString &key : keys) {
        if (!index.contains(key))
            index.insert(key, language);
    }
}

const Indexes &indexes()
{
    static const Indexes made = [] {
        Indexes all;
        for (const Language &language : languages) {
            addAll(all.byExtension, language.extensions, &language);
            addAll(all.byName, language.fileNames, &language);
            addAll(all.byInterpreter, language.interpreters, &language);
        }
        return all;
    }();
    return made;
}

// "#!/usr/bin/env -S python3.11 -u" says "python".
QString interpreterOf(QByteArrayView head)
{
    if (!head.startsWith("#!"))
        return {};
    const qsizetype end = head.indexOf('\n');
    const QString line = QString::fromLatin1(head.sliced(2, (end < 0 ? head.size() : end) - 2)).trimmed();
    const QStringList words = line.split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        QString program = word.section(u'/', -1);
        if (program == "env"_L1 || program.startsWith(u'-') || program.contains(u'='))
            continue;
        while (!program.isEmpty() && (program.back().isDigit() || program.back() == u'.'))
            program.chop(1);
        return program;
    }
    return {};
}

// A header named .h belongs to C until it says what only C++ has.
bool saysCpp(QByteArrayView head)
{
    static const QRegularExpression sign(
        uR"(^\s*(?:namespace\s+\w|template\s*<|class\s+\w+[^;]*$|using\s+\w+\s*=|(?:public|private|protected):|#\s*include\s*<\w+>))"_s,
        QRegularExpression::MultilineOption);
    return sign.match(QString::fromLatin1(head)).hasMatch();
}

} // namespace

const Language *languageOf(const QString &path, QByteArrayView head)
{
    const QString name = path.section(u'/', -1);
    if (const Language *found = indexes().byName.value(name))
        return found;
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot > 0) {
        const QString extension = name.sliced(dot + 1).toLower();
        if (extension == "h"_L1 && saysCpp(head))
            return indexes().byExtension.value(u"hpp"_s);
        if (const Language *found = indexes().byExtension.value(extension))
            return found;
    }
    return indexes().byInterpreter.value(interpreterOf(head));
}

const Language *languageNamed(QLatin1StringView name)
{
    for (const Language &language : languages) {
        if (name == QLatin1StringView(language.name))
            return &language;
    }
    return nullptr;
}

} // namespace muster::demo
