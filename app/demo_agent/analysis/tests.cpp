#include "app/demo_agent/analysis/tests.h"

#include "app/demo_agent/analysis/text.h"

#include <QRegularExpression>

#include <array>

using namespace Qt::StringLiterals;

namespace muster::demo {

namespace {

using Views = std::initializer_list<QByteArrayView>;

bool startsWithAny(QByteArrayView line, Views starts)
{
    return std::ranges::any_of(starts, [&](QByteArrayView start) { return line.startsWith(start); });
}

// "it('adds', …", "test.only(…", "Deno.test(…"
bool isScriptTest(QByteArrayView line)
{
    for (const QByteArrayView call :
         {QByteArrayView("it"), QByteArrayView("test"), QByteArrayView("t.test"),
          QByteArrayView("await t.test"), QByteArrayView("Deno.test"), QByteArrayView("tap.test")}) {
        if (!line.startsWith(call))
            continue;
        QByteArrayView rest = line.sliced(call.size());
        for (const QByteArrayView variant :
             {QByteArrayView(".only"), QByteArrayView(".skip"), QByteArrayView(".each")}) {
            if (rest.startsWith(variant))
                rest = rest.sliced(variant.size());
        }
        if (rest.startsWith('('))
            return true;
    }
    return false;
}

bool isTestLine(QByteArrayView line, Family family)
{
    switch (family) {
    case Family::Python:
        return startsWithAny(line, {"def test_", "async def test_", "def test(", "def testIt"}) ||
               (line.startsWith("def test") && line.size() > 8 && line[8] >= 'A' && line[8] <= 'Z');
    case Family::Go:
        return startsWithAny(line, {"func Test", "func Benchmark", "func Fuzz", "func Example"});
    case Family::Rust:
        return line.startsWith("#[") && line.contains("test]");
    case Family::Java:
        return line == "@Test" || startsWithAny(line, {"@Test(", "@Test ", "@ParameterizedTest", "[Test]",
                                                       "[Fact]", "[Theory]"});
    case Family::C:
        return startsWithAny(line, {"TEST(", "TEST_F(", "TEST_P(", "TEST_CASE(", "TYPED_TEST(",
                                    "BOOST_AUTO_TEST_CASE(", "SCENARIO(", "START_TEST("});
    case Family::JavaScript:
        return isScriptTest(line);
    case Family::Shell:
        return line.startsWith("@test ") ||
               (startsWithAny(line, {"test_", "function test_", "it_"}) && line.contains("()"));
    case Family::Perl:
        return startsWithAny(line, {"subtest ", "subtest("}) || (line.startsWith("sub test_"));
    case Family::Ruby:
        return startsWithAny(line, {"def test_", "it \"", "it '", "test \"", "test '", "specify "});
    case Family::Php:
        return line.contains("function test");
    case Family::Lua:
        return startsWithAny(line, {"it(", "function test"});
    case Family::None:
        break;
    }
    return false;
}

// Qt Test: the slots that are private, but not the ones that set up or give rows.
int qtTests(const QByteArray &text)
{
    static const QRegularExpression slot(uR"(^\s+void (\w+)\(\))"_s);
    static const QStringList notTests{u"initTestCase"_s, u"cleanupTestCase"_s, u"init"_s, u"cleanup"_s};
    int tests = 0;
    bool inSlots = false;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        const QByteArrayView bare = trimmedView(line);
        if (bare.endsWith(':') &&
            (bare.contains("private") || bare.contains("public") || bare.contains("protected")))
            inSlots = bare.startsWith("private slots") || bare.startsWith("private Q_SLOTS");
        else if (bare.startsWith("};"))
            inSlots = false;
        if (!inSlots)
            continue;
        const auto found = slot.match(QString::fromUtf8(line));
        if (found.hasMatch() && !found.captured(1).endsWith("_data"_L1) &&
            !notTests.contains(found.captured(1)))
            ++tests;
    }
    return tests;
}

} // namespace

bool hasTestName(const QString &path)
{
    static const QRegularExpression name(
        uR"((^|/)(test_[^/]*\.(py|c|cc|cpp|rb|sh|lua|php)|[^/]*_test\.(py|go|c|cc|cpp|cxx|rb|exs|dart)|[^/]*_unittest\.(cc|cpp)|[^/]*[._](test|tests|spec|e2e)\.[cm]?[jt]sx?|tst_[^/]*\.(cpp|qml)|[^/]*_spec\.(rb|lua)|[^/]*(Test|Tests|Spec|IT)\.(java|kt|cs|scala|php|swift)|t/([^/]+/)*[^/]+\.t|[^/]+\.bats|test(s)?\.py|__tests__/[^/]+\.[jt]sx?)$)"_s);
    return name.match(path).hasMatch();
}

bool inTestFolder(const QString &path)
{
    static const QRegularExpression folder(
        uR"((^|/)(tests?|t|spec|specs|__tests__|testing|testsuite|unittests?)/)"_s);
    return folder.match(path).hasMatch();
}

int countTests(const QByteArray &text, const Language &language, const QString &path)
{
    const bool mayHold = text.contains("test") || text.contains("TEST") || text.contains("Test") ||
                         text.contains("it(") || text.contains("it \"") || text.contains("it '");
    const bool perlTest = language.family == Family::Perl && path.endsWith(".t"_L1);
    if (!mayHold && !perlTest)
        return 0;
    // Many languages give these words another meaning outside of tests ("it(" is just a call).
    const bool needsPlace = language.family == Family::JavaScript || language.family == Family::Shell ||
                            language.family == Family::Ruby || language.family == Family::Lua ||
                            language.family == Family::Perl || language.family == Family::Python;
    // A C or C++ header may show in a comment or a macro how a test is written.
    const bool header = language.family == Family::C && path.section(u'.', -1).startsWith(u'h');
    if ((needsPlace || header) && !hasTestName(path) && !inTestFolder(path))
        return 0;
    int tests = 0;
    qsizetype begin = 0;
    while (begin < text.size()) {
        qsizetype end = text.indexOf('\n', begin);
        if (end < 0)
            end = text.size();
        tests +=
            isTestLine(trimmedView(QByteArrayView(text).sliced(begin, end - begin)), language.family) ? 1 : 0;
        begin = end + 1;
    }
    if (language.family == Family::C && tests == 0 && text.contains("private slots:") &&
        text.contains("QTEST"))
        tests = qtTests(text);
    // A Perl test script without named parts is one test.
    return perlTest && tests == 0 ? 1 : tests;
}

} // namespace muster::demo
