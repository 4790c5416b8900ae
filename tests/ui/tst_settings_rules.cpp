// Lasting rules in the settings: listed with what is most specific first, of all projects or of one, written,
// changed and revoked: against a real node, and their looks against plain values.
#include "tests/core/node/node_harness.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/dialogs/permission_rule_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QLineEdit>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSettingsRules : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { hushOffscreen(); }
    void init();
    void cleanup();
    void mostSpecificFirst();
    void ofOneProject();
    void addedByKeyboard();
    void ofAProfileOfTheProject();
    void changedAndStillChosen();
    void answeredActStaysToTheLetter();
    void whatCannotBeSeenIsNotEdited();
    void refusalsStayOnShow_data();
    void refusalsStayOnShow();
    void looks_data();
    void looks();

private:
    void open() { m_bed = std::make_unique<SettingsBed>(m_node->api(), SettingsBed::Permissions); }
    void add(const api::SetPermission &rule)
    {
        const auto added = m_node->submit(rule);
        QVERIFY2(added, added ? "" : qPrintable(added.error().where));
    }
    [[nodiscard]] ListView *list() const { return m_bed->list(u"Lasting rules"_s); }
    [[nodiscard]] QStringList shown() const
    {
        QStringList out;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            out += list()->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
        return out;
    }
    [[nodiscard]] std::vector<api::PermissionInfo> rules()
    {
        return m_node->query(api::ListPermissions{}).value_or(std::vector<api::PermissionInfo>());
    }
    [[nodiscard]] PermissionRuleDialog *dialog(const QString &button) const
    {
        QTest::mouseClick(m_bed->button(button), Qt::LeftButton);
        return m_bed->over<PermissionRuleDialog>();
    }
    static void set(const QDialog *dialog, const QString &combo, const QVariant &data)
    {
        auto *box = namedIn<QComboBox>(dialog, combo);
        QVERIFY2(box->findData(data) >= 0, qPrintable(data.toString()));
        box->setCurrentIndex(box->findData(data));
    }

    Theme m_theme;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_larder; // paths of projects
    QString m_other;
    std::unique_ptr<NodeHarness> m_node;
    std::unique_ptr<MemoryNode> m_values;
    std::unique_ptr<SettingsBed> m_bed;
};

void TestSettingsRules::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_node = std::make_unique<NodeHarness>(false);
    for (QString *path : {&m_larder, &m_other}) {
        const QString folder = m_folder->filePath(path == &m_larder ? u"larder"_s : u"other"_s);
        QVERIFY(QDir().mkpath(folder + u"/agents"_s));
        *path = m_node->submit(api::OpenProject{.path = folder})->text;
    }
    QFile profile(m_larder + u"/agents/builder.agent.md"_s);
    QVERIFY(profile.open(QIODevice::WriteOnly));
    profile.write("---\nname: builder\ndescription: Builds\n---\nBuild it.\n");
}

void TestSettingsRules::cleanup()
{
    m_bed.reset();
    m_node.reset();
    m_values.reset();
}

void TestSettingsRules::mostSpecificFirst()
{
    add({.project = {}, .profile = {}, .pattern = u"git status"_s, .allowed = true});
    add({.project = m_larder, .profile = {}, .pattern = u"make all"_s, .allowed = true});
    add({.project = m_larder, .profile = {}, .pattern = u"make install"_s, .allowed = false});
    add({.project = {}, .profile = u"builder"_s, .pattern = u"cmake *"_s, .allowed = true});
    add({.project = m_larder, .profile = u"builder"_s, .pattern = u"ctest *"_s, .allowed = true});
    add({.project = {}, .profile = {}, .pattern = u"git push *"_s, .allowed = false});
    open();
    QTRY_COMPARE(shown(), (QStringList{u"may run ctest *, larder, profile builder"_s,
                                       u"may run cmake *, every project, profile builder"_s,
                                       u"may not run make install, larder"_s, u"may run make all, larder"_s,
                                       u"may not run git push *, every project"_s,
                                       u"may run git status, every project"_s}));
    QCOMPARE(namelessControls(&m_bed->dialog()), QStringList());
}

void TestSettingsRules::ofOneProject()
{
    add({.project = m_larder, .profile = {}, .pattern = u"make all"_s, .allowed = true});
    add({.project = m_other, .profile = {}, .pattern = u"ctest"_s, .allowed = true});
    add({.project = {}, .profile = {}, .pattern = u"git push *"_s, .allowed = false});
    open();
    QTRY_COMPARE(shown().size(), 3);
    auto *project = namedIn<QComboBox>(&m_bed->dialog(), u"Rules of"_s);
    QTRY_COMPARE(project->count(), 3);
    project->setFocus();
    while (project->currentData().toString() != m_larder && project->currentIndex() + 1 < project->count())
        QTest::keyClick(project, Qt::Key_Down);
    QTRY_COMPARE(shown(),
                 (QStringList{u"may run make all, larder"_s, u"may not run git push *, every project"_s}));
    // A new one begins with that project.
    const auto *made = dialog(u"Add rule…"_s);
    QCOMPARE(namedIn<QComboBox>(made, u"Project"_s)->currentData().toString(), m_larder);
}

void TestSettingsRules::addedByKeyboard()
{
    open();
    auto *button = m_bed->button(u"Add rule…"_s);
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    const QPointer made = m_bed->over<PermissionRuleDialog>();
    QVERIFY(made);
    QCOMPARE(namelessControls(made), QStringList());
    QVERIFY(!buttonIn(made, u"Add"_s)->isEnabled());
    auto *effect = namedIn<QComboBox>(made, u"Effect"_s);
    QTest::keyClick(effect, Qt::Key_Down);
    QCOMPARE(effect->currentText(), u"may not"_s);
    auto *what = namedIn<QLineEdit>(made, u"What"_s);
    QTest::keyClicks(what, u"git push *"_s);
    QTest::keyClick(what, Qt::Key_Return);
    QTRY_VERIFY(!made || !made->isVisible());
    QTRY_COMPARE(shown(), QStringList{u"may not run git push *, every project"_s});
    QVERIFY(list()->isVisible()); // no more “No lasting rules”
    const api::PermissionInfo rule = rules().front();
    QVERIFY(!rule.exact);
    QCOMPARE(rule.createdBy, u"test"_s);
    m_bed->activate();
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
    QTRY_VERIFY(rules().empty());
    QTRY_VERIFY(!list()->isVisible());
}

void TestSettingsRules::ofAProfileOfTheProject()
{
    open();
    auto *project = namedIn<QComboBox>(&m_bed->dialog(), u"Rules of"_s);
    QTRY_COMPARE(project->count(), 3);
    const QPointer made = dialog(u"Add rule…"_s);
    auto *profile = namedIn<QComboBox>(made, u"Profile"_s);
    QTRY_VERIFY(profile->count() > 1); // those that come with Muster
    QVERIFY(profile->findData(u"writer"_s) > 0);
    QVERIFY(profile->findData(u"builder"_s) < 0);
    set(made, u"Project"_s, m_larder);
    QTRY_VERIFY(profile->findData(u"builder"_s) > 0);
    set(made, u"Profile"_s, u"builder"_s);
    set(made, u"Act"_s, u"edit"_s);
    QTest::keyClicks(namedIn<QLineEdit>(made, u"What"_s), u"src/**"_s);
    QTest::mouseClick(buttonIn(made, u"Add"_s), Qt::LeftButton);
    QTRY_COMPARE(shown(), QStringList{u"may write src/**, larder, profile builder"_s});
    QCOMPARE(rules().front().profile, u"builder"_s);
    QCOMPARE(rules().front().projectPath, m_larder);
}

void TestSettingsRules::changedAndStillChosen()
{
    add({.project = m_larder, .profile = {}, .pattern = u"make all"_s, .allowed = true});
    add({.project = m_larder, .profile = {}, .pattern = u"make dist"_s, .allowed = true});
    open();
    QTRY_COMPARE(shown().size(), 2);
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Down);
    QTest::keyClick(list(), Qt::Key_Return);
    QTRY_VERIFY(m_bed->over<PermissionRuleDialog>());
    const QPointer change = m_bed->over<PermissionRuleDialog>();
    QVERIFY(buttonIn(change, u"Save"_s)->isEnabled()); // not pressed by the same key
    QCOMPARE(namedIn<QLineEdit>(change, u"What"_s)->text(), u"make dist"_s);
    set(change, u"Effect"_s, false);
    QTest::mouseClick(buttonIn(change, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(!change || !change->isVisible());
    QTRY_COMPARE(shown(), (QStringList{u"may not run make dist, larder"_s, u"may run make all, larder"_s}));
    QTRY_COMPARE(list()->currentIndex().row(), 0); // it has moved, and the choice with it
    QCOMPARE(rules().size(), size_t{2});
}

void TestSettingsRules::answeredActStaysToTheLetter()
{
    m_values = std::make_unique<MemoryNode>();
    m_values->permissions = {{.id = PermissionRuleId{4},
                              .kind = ToolKind::Execute,
                              .pattern = u"rm *"_s,
                              .allowed = true,
                              .exact = true}};
    m_bed = std::make_unique<SettingsBed>(*m_values, SettingsBed::Permissions);
    QTRY_COMPARE(shown().size(), 1);
    const QPointer change = dialog(u"Edit…"_s);
    QVERIFY(shownIn(change, u"muted"_s).contains(u"exact act"));
    QTest::keyClicks(namedIn<QLineEdit>(change, u"What"_s), u"x"_s);
    QVERIFY2(shownIn(change, u"muted"_s).contains(u"any arguments"), qPrintable(shownIn(change, u"muted"_s)));
}

void TestSettingsRules::whatCannotBeSeenIsNotEdited()
{
    const QString pattern = u"echo a\necho \u202eb"_s;
    m_values = std::make_unique<MemoryNode>();
    m_values->permissions = {{.id = PermissionRuleId{4},
                              .kind = ToolKind::Execute,
                              .pattern = pattern,
                              .allowed = true,
                              .exact = true}};
    m_bed = std::make_unique<SettingsBed>(*m_values, SettingsBed::Permissions);
    QTRY_COMPARE(shown().size(), 1);
    const QPointer change = dialog(u"Edit…"_s);
    auto *what = namedIn<QLineEdit>(change, u"What"_s);
    QVERIFY(what->isReadOnly());
    QCOMPARE(what->text(), u"echo a⏎echo ⟨U+202E⟩b"_s);
    set(change, u"Effect"_s, false);
    QTest::mouseClick(buttonIn(change, u"Save"_s), Qt::LeftButton);
    QTRY_VERIFY(m_values->lastCommand<api::SetPermission>());
    QCOMPARE(m_values->lastCommand<api::SetPermission>()->pattern, pattern); // to the letter
    QVERIFY(!m_values->lastCommand<api::SetPermission>()->allowed);
}

void TestSettingsRules::refusalsStayOnShow_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("said");
    QTest::newRow("there is one") << u"make all"_s << u"this very rule"_s;
    QTest::newRow("never allows") << u"make * && reboot"_s << u"never allow anything"_s;
    QTest::newRow("allows everything") << u"*"_s << u"never allow anything"_s;
    QTest::newRow("invisible") << u"make \u200ball"_s << u"invisible characters"_s;
}

void TestSettingsRules::refusalsStayOnShow()
{
    QFETCH(QString, pattern);
    QFETCH(QString, said);
    add({.project = {}, .profile = {}, .pattern = u"make all"_s, .allowed = true});
    open();
    const QPointer made = dialog(u"Add rule…"_s);
    auto *what = namedIn<QLineEdit>(made, u"What"_s);
    what->setText(pattern);
    QTest::keyClick(what, Qt::Key_Return);
    QTRY_VERIFY2(shownIn(made, u"error"_s).contains(said), qPrintable(shownIn(made, u"error"_s)));
    QVERIFY(buttonIn(made, u"Add"_s)->isEnabled());
    takePictures(*made, m_theme, u"rule-refused"_s);
    QCOMPARE(rules().size(), size_t{1});
}

void TestSettingsRules::looks_data()
{
    QTest::addColumn<int>("rules");
    QTest::addColumn<int>("width");
    QTest::newRow("none") << 0 << 0;
    QTest::newRow("one") << 1 << 0;
    QTest::newRow("many") << 6 << 0;
    QTest::newRow("many-narrow") << 6 << 560;
}

void TestSettingsRules::looks()
{
    QFETCH(int, rules);
    QFETCH(int, width);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto rule = [now](qint64 id, const QString &profile, const QString &pattern, bool allowed,
                            bool exact, qint64 used) {
        return api::PermissionInfo{.id = PermissionRuleId{id},
                                   .project = ProjectId{id % 3},
                                   .projectName = id % 3 == 0 ? QString() : u"larder"_s,
                                   .profile = profile,
                                   .kind = id == 5 ? ToolKind::Edit : ToolKind::Execute,
                                   .pattern = pattern,
                                   .allowed = allowed,
                                   .exact = exact,
                                   .usedCount = used,
                                   .usedAt = now - 300'000};
    };
    const std::vector<api::PermissionInfo> all{
        rule(1, u"writer"_s, u"ctest *"_s, true, false, 12),
        rule(2, {}, u"git push *"_s, false, false, 0),
        rule(3, {}, u"git status"_s, true, true, 3),
        rule(4, u"a-reviewer-with-a-long-name"_s,
             u"cmake --preset release && cmake --build --preset release --target all --parallel 8"_s, true,
             true, 1),
        rule(5, {}, u"src/**"_s, true, false, 0),
        rule(6, {}, u"rm -rf *"_s, false, false, 2)};
    m_values = std::make_unique<MemoryNode>();
    m_values->permissions = {all.begin(), all.begin() + rules};
    m_values->profiles = {u"reader"_s, u"writer"_s};
    m_values->projects = {{.id = ProjectId{1}, .path = u"/home/person/larder"_s, .name = u"larder"_s}};
    m_bed = std::make_unique<SettingsBed>(*m_values, SettingsBed::Permissions);
    QTRY_COMPARE(list()->model()->rowCount(), rules);
    QTRY_COMPARE(list()->isVisible(), rules > 0);
    if (width > 0)
        m_bed->dialog().resize(width, 520);
    takePictures(m_bed->dialog(), m_theme, u"rules-%1"_s.arg(QLatin1StringView(QTest::currentDataTag())));
    QVERIFY(m_bed->button(u"Add rule…"_s)->isVisible());
    if (rules != 1)
        return;
    takePictures(*dialog(u"Edit…"_s), m_theme, u"rule-change"_s);
}

QTEST_MAIN(TestSettingsRules)
#include "tst_settings_rules.moc"
