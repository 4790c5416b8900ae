// Accounts in the settings: added by key and by folder, removed, and what a node says no to: against a real
// node with a real keychain, and their looks against plain values.
#include "tests/core/node/node_harness.h"
#include "tests/support/keyring_session.h"
#include "tests/support/memory_node.h"
#include "tests/ui/page_pictures.h"
#include "tests/ui/settings_bed.h"
#include "ui/dialogs/add_account_dialog.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>

using namespace muster;
using namespace muster::testing;
using namespace Qt::StringLiterals;

class TestSettingsAccounts : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void onlyWhatTheProgramTakes_data();
    void onlyWhatTheProgramTakes();
    void folderIsMade();
    void folderIsChosen();
    void byKeyIntoTheKeychain();
    void refusalsStayOnShow_data();
    void refusalsStayOnShow();
    void sameNameIsNotChanged();
    void removedByKeyboardAfterAQuestion();
    void theFirstStays();
    void looks_data();
    void looks();
    void lockedKeychainIsSaid(); // the last: this process does not find back to a keychain that was away

private:
    void openReal();
    [[nodiscard]] api::RuntimeInfo own(const QString &id = u"own"_s)
    {
        const auto all = m_node->query(api::ListRuntimes{.runtime = id});
        return all && !all->empty() ? all->front() : api::RuntimeInfo();
    }
    [[nodiscard]] QStringList accountNames()
    {
        QStringList names;
        for (const api::AccountInfo &account : own().accounts)
            names += account.name;
        return names;
    }
    void choose(const QString &label) const
    {
        auto *list = m_bed->list(u"Runtimes"_s);
        QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 0, 60'000);
        for (int row = 0; row < list->model()->rowCount(); ++row) {
            if (list->model()->index(row, 0).data().toString() == label)
                list->setCurrentIndex(list->model()->index(row, 0));
        }
        QCOMPARE(list->currentIndex().data().toString(), label);
    }
    [[nodiscard]] AddAccountDialog *addDialog() const
    {
        QTest::mouseClick(m_bed->button(u"Add account…"_s), Qt::LeftButton);
        return m_bed->over<AddAccountDialog>();
    }
    static void setWay(const QDialog *dialog, const QString &key)
    {
        auto *way = namedIn<QComboBox>(dialog, u"Signed in by"_s);
        way->setCurrentIndex(way->findData(key));
    }

    std::unique_ptr<KeyringSession> m_keyring;
    Theme m_theme;
    std::unique_ptr<NodeHarness> m_node;
    std::unique_ptr<MemoryNode> m_values;
    std::unique_ptr<SettingsBed> m_bed;
    QTemporaryDir m_folder;
};

void TestSettingsAccounts::initTestCase()
{
    hushOffscreen();
    if (const QString missing = KeyringSession::missing(); !missing.isEmpty())
        QSKIP(qPrintable(missing));
    m_keyring = std::make_unique<KeyringSession>(KeyringSession::State::Unlocked);
    m_keyring->useHere();
}

void TestSettingsAccounts::cleanupTestCase() { m_keyring.reset(); }

void TestSettingsAccounts::cleanup()
{
    m_bed.reset();
    m_node.reset();
    m_values.reset();
}

void TestSettingsAccounts::openReal()
{
    m_node = std::make_unique<NodeHarness>(false, [](const Paths &paths) {
        QVERIFY(QDir().mkpath(paths.configDir + u"/runtimes"_s));
        const auto put = [&](const QString &id, const QByteArray &label, const QByteArray &signIn) {
            QFile file(paths.configDir + u"/runtimes/%1.json"_s.arg(id));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(R"({"id": ")" + id.toUtf8() + R"(", "label": ")" + label + R"(", "argv": [")" +
                       MUSTER_BIN_DIR R"(/muster-demo-agent"], "sign_in": )" + signIn + "}");
        };
        put(u"own"_s, "Own", R"({"env": ["OWN_KEY", "OTHER_KEY"], "home_env": "OWN_HOME",
                                 "command": ["own", "login"]})");
        put(u"keyed"_s, "Keyed", R"({"env": ["KEYED_KEY"]})");
        put(u"homed"_s, "Homed", R"({"home_env": "HOMED_HOME"})");
    });
    m_bed = std::make_unique<SettingsBed>(m_node->api(), SettingsBed::Providers);
}

void TestSettingsAccounts::onlyWhatTheProgramTakes_data()
{
    QTest::addColumn<QString>("label");
    QTest::addColumn<QStringList>("ways");
    QTest::newRow("both") << u"Own"_s
                          << QStringList{u"A folder of its own (OWN_HOME)"_s, u"A key (OWN_KEY)"_s,
                                         u"A key (OTHER_KEY)"_s};
    QTest::newRow("key") << u"Keyed"_s << QStringList{u"A key (KEYED_KEY)"_s};
    QTest::newRow("folder") << u"Homed"_s << QStringList{u"A folder of its own (HOMED_HOME)"_s};
    QTest::newRow("none") << u"Demo agent"_s << QStringList();
}

void TestSettingsAccounts::onlyWhatTheProgramTakes()
{
    QFETCH(QString, label);
    QFETCH(QStringList, ways);
    openReal();
    choose(label);
    QCOMPARE(m_bed->button(u"Add account…"_s)->isHidden(), ways.isEmpty());
    QVERIFY(m_bed->list(u"Accounts"_s)->isHidden());
    if (ways.isEmpty())
        return;
    const auto *dialog = addDialog();
    QVERIFY(dialog);
    const auto *way = namedIn<QComboBox>(dialog, u"Signed in by"_s);
    QStringList shown;
    for (int i = 0; i < way->count(); ++i)
        shown += way->itemText(i);
    QCOMPARE(shown, ways);
    QCOMPARE(namedIn<QLineEdit>(dialog, u"Value of the key"_s)->isVisible(),
             !shown.front().contains(u"folder"));
    QCOMPARE(namedIn<QLineEdit>(dialog, u"Folder"_s)->isVisible(), shown.front().contains(u"folder"));
    QCOMPARE(namelessControls(dialog), QStringList());
}

// All by keyboard, and what is left to do is said.
void TestSettingsAccounts::folderIsMade()
{
    openReal();
    choose(u"Own"_s);
    auto *add = m_bed->button(u"Add account…"_s);
    add->setFocus();
    QTest::keyClick(add, Qt::Key_Space);
    const QPointer dialog = m_bed->over<AddAccountDialog>();
    QVERIFY(dialog);
    QVERIFY(!buttonIn(dialog, u"Add"_s)->isEnabled()); // without a name
    auto *name = namedIn<QLineEdit>(dialog, u"Name"_s);
    QTest::keyClicks(name, u"work"_s);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(!dialog || !dialog->isVisible());
    auto *accounts = m_bed->list(u"Accounts"_s);
    QTRY_COMPARE(accounts->model()->rowCount(), 2);
    QVERIFY(accounts->isVisible());
    const api::AccountInfo made = own().accounts.back();
    QCOMPARE(made.name, u"work"_s);
    QCOMPARE(made.configHome, QString(m_node->home() + u"/accounts/own/work"_s));
    QVERIFY(QFileInfo(made.configHome).isDir());
    const QString said = namedIn<QLabel>(&m_bed->dialog(), u"What was done"_s)->text();
    QVERIFY2(said.contains(u"OWN_HOME='%1' own login"_s.arg(made.configHome)), qPrintable(said));
    QCOMPARE(namelessControls(&m_bed->dialog()), QStringList());
}

void TestSettingsAccounts::folderIsChosen()
{
    openReal();
    choose(u"Own"_s);
    const QPointer dialog = addDialog();
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Name"_s), u"work"_s);
    QTest::mouseClick(buttonIn(dialog, u"Choose…"_s), Qt::LeftButton);
    auto *chooser = dialog->findChild<QFileDialog *>();
    QVERIFY(chooser);
    QCOMPARE(chooser->fileMode(), QFileDialog::Directory);
    emit chooser->fileSelected(m_folder.path());
    chooser->close();
    QCOMPARE(namedIn<QLineEdit>(dialog, u"Folder"_s)->text(), m_folder.path());
    QTest::mouseClick(buttonIn(dialog, u"Add"_s), Qt::LeftButton);
    QTRY_COMPARE(accountNames(), (QStringList{QString(), u"work"_s}));
    QCOMPARE(own().accounts.back().configHome, m_folder.path());
}

void TestSettingsAccounts::byKeyIntoTheKeychain()
{
    openReal();
    choose(u"Own"_s);
    const QPointer dialog = addDialog();
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Name"_s), u"work"_s);
    setWay(dialog, u"OTHER_KEY"_s);
    QVERIFY(!buttonIn(dialog, u"Add"_s)->isEnabled()); // without a value
    auto *value = namedIn<QLineEdit>(dialog, u"Value of the key"_s);
    QCOMPARE(value->echoMode(), QLineEdit::Password);
    QTest::keyClicks(value, u" a-key-of-a-test-0123 "_s);
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), 30'000);
    QTRY_COMPARE(accountNames(), (QStringList{QString(), u"work"_s}));
    const api::AccountInfo made = own().accounts.back();
    QCOMPARE(made.keys, QStringList{u"OTHER_KEY"_s});
    QCOMPARE(made.configHome, QString());
    auto *accounts = m_bed->list(u"Accounts"_s);
    QTRY_COMPARE(accounts->model()->rowCount(), 2);
    accounts->setCurrentIndex(accounts->model()->index(1, 0));
    const QString detail = namedIn<QLabel>(&m_bed->dialog(), u"Chosen account"_s)->text();
    QVERIFY2(detail.contains(u"kept key OTHER_KEY"), qPrintable(detail));
    QVERIFY(!detail.contains(u"a-key-of-a-test"));
}

void TestSettingsAccounts::lockedKeychainIsSaid()
{
    m_keyring->lock();
    openReal();
    choose(u"Keyed"_s);
    const auto *dialog = addDialog();
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Name"_s), u"work"_s);
    auto *value = namedIn<QLineEdit>(dialog, u"Value of the key"_s);
    QTest::keyClicks(value, u"a-key-of-a-test-0123"_s);
    QTest::keyClick(value, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(!shownIn(dialog, u"error"_s).isEmpty(), 60'000);
    const QString said = shownIn(dialog, u"error"_s);
    QVERIFY2(said.contains(u"keychain"), qPrintable(said));
    QVERIFY(dialog->isVisible());
    QCOMPARE(value->text(), u"a-key-of-a-test-0123"_s); // to be tried again
    QVERIFY(own(u"keyed"_s).accounts.empty());
}

void TestSettingsAccounts::refusalsStayOnShow_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("said");
    QTest::newRow("name") << u"My Work"_s << QString() << u"small letters, digits"_s;
    QTest::newRow("no such folder") << u"work"_s << u"/nonexistent/x"_s << u"no folder that is there"_s;
    QTest::newRow("not the whole path") << u"work"_s << u"x"_s << u"Give the whole path"_s;
}

void TestSettingsAccounts::refusalsStayOnShow()
{
    QFETCH(QString, name);
    QFETCH(QString, folder);
    QFETCH(QString, said);
    openReal();
    choose(u"Own"_s);
    auto *dialog = addDialog();
    auto *edit = namedIn<QLineEdit>(dialog, u"Name"_s);
    QTest::keyClicks(edit, name);
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Folder"_s), folder);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_VERIFY2(shownIn(dialog, u"error"_s).contains(said), qPrintable(shownIn(dialog, u"error"_s)));
    QVERIFY(buttonIn(dialog, u"Add"_s)->isEnabled());
    takePictures(*dialog, m_theme, u"account-refused"_s);
    QVERIFY(own().accounts.empty());
    QTest::keyClicks(edit, u"x"_s); // what is being mended is not wrong any more
    QVERIFY(shownIn(dialog, u"error"_s).isEmpty());
}

void TestSettingsAccounts::sameNameIsNotChanged()
{
    openReal();
    QVERIFY(m_node->submit(api::AddAccount{.runtime = u"own"_s, .name = u"work"_s}));
    choose(u"Own"_s);
    QTRY_COMPARE(m_bed->list(u"Accounts"_s)->model()->rowCount(), 2);
    const auto *dialog = addDialog();
    QTest::keyClicks(namedIn<QLineEdit>(dialog, u"Name"_s), u"work"_s);
    QVERIFY(!buttonIn(dialog, u"Add"_s)->isEnabled());
    QVERIFY(shownIn(dialog, u"error"_s).contains(u"already"));
}

void TestSettingsAccounts::removedByKeyboardAfterAQuestion()
{
    openReal();
    QVERIFY(m_node->submit(
        api::AddAccount{.runtime = u"own"_s, .name = u"work"_s, .configHome = m_folder.path()}));
    choose(u"Own"_s);
    auto *accounts = m_bed->list(u"Accounts"_s);
    QTRY_COMPARE(accounts->model()->rowCount(), 2);
    m_bed->activate();
    accounts->setFocus();
    QTest::keyClick(accounts, Qt::Key_Down);
    QTest::keyClick(accounts, Qt::Key_Delete);
    QPointer box = m_bed->over<QMessageBox>();
    QVERIFY(box);
    QVERIFY(box->text().contains(u"work"));
    for (const QString &part : {u"folder stays"_s, m_folder.path(), u"ends as it would have"_s, u"limits"_s})
        QVERIFY2(box->informativeText().contains(part), qPrintable(part));
    takePictures(*box, m_theme, u"account-remove"_s);
    QTest::keyClick(box, Qt::Key_Escape);
    QTRY_VERIFY(!box || !box->isVisible());
    QCOMPARE(accountNames().size(), 2); // asked, and not done
    QTest::mouseClick(m_bed->button(u"Remove"_s), Qt::LeftButton);
    box = m_bed->over<QMessageBox>();
    QTest::mouseClick(buttonIn(box, u"Remove"_s), Qt::LeftButton);
    QTRY_VERIFY(accountNames().isEmpty());
    QTRY_VERIFY(accounts->isHidden());
    QVERIFY(QFileInfo(m_folder.path()).isDir());
    const QString said = namedIn<QLabel>(&m_bed->dialog(), u"What was done"_s)->text();
    QVERIFY2(said.contains(m_folder.path()), qPrintable(said));
}

void TestSettingsAccounts::theFirstStays()
{
    openReal();
    QVERIFY(m_node->submit(api::AddAccount{.runtime = u"own"_s, .name = u"work"_s}));
    choose(u"Own"_s);
    auto *accounts = m_bed->list(u"Accounts"_s);
    QTRY_COMPARE(accounts->model()->rowCount(), 2);
    QCOMPARE(accounts->currentIndex().row(), 0);
    QVERIFY(!m_bed->button(u"Remove"_s)->isEnabled());
    QTest::keyClick(accounts, Qt::Key_Delete);
    QVERIFY(!m_bed->over<QMessageBox>());
}

void TestSettingsAccounts::looks_data()
{
    QTest::addColumn<int>("accounts");
    QTest::addColumn<int>("width");
    QTest::newRow("one") << 0 << 0;
    QTest::newRow("two") << 2 << 0;
    QTest::newRow("many") << 6 << 0;
    QTest::newRow("many-narrow") << 6 << 560;
}

void TestSettingsAccounts::looks()
{
    QFETCH(int, accounts);
    QFETCH(int, width);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const std::vector<api::AccountInfo> all{
        {.state = u"ready"_s},
        {.name = u"work"_s,
         .state = u"rests"_s,
         .keys = {u"ANTHROPIC_API_KEY"_s},
         .limit = api::LimitInfo{.hard = true,
                                 .resetAt = now + 3'600'000,
                                 .restsUntil = now + 3'600'000,
                                 .seenAt = now - 180'000,
                                 .detail = u"You have used up what your plan allows for this week"_s}},
        {.name = u"a-very-long-name-of-an-account-1"_s,
         .state = u"ready"_s,
         .configHome = u"/home/person/.local/share/muster/accounts/claude/a-very-long-name-of-an-account-1"_s,
         .homeVariable = u"CLAUDE_CONFIG_DIR"_s,
         .limit = api::LimitInfo{.resetAt = now + 7'200'000, .seenAt = now - 60'000, .usedPercent = 81}},
        {.name = u"third"_s, .state = u"auth_required"_s, .keys = {u"ANTHROPIC_API_KEY"_s}},
        {.name = u"fourth"_s, .state = u"ready"_s, .keys = {u"ANTHROPIC_API_KEY"_s}},
        {.name = u"fifth"_s, .state = u"ready"_s, .keys = {u"ANTHROPIC_API_KEY"_s}}};
    m_values = std::make_unique<MemoryNode>();
    m_values->runtimes = {{.id = u"claude"_s,
                           .label = u"Claude Code"_s,
                           .state = u"ready"_s,
                           .path = u"/usr/bin/claude"_s,
                           .version = u"2.1.329"_s,
                           .versionState = u"known"_s,
                           .signIn = u"signed_in"_s,
                           .signedInBy = u"/home/person/.claude"_s,
                           .keys = {u"ANTHROPIC_API_KEY"_s},
                           .isDefault = true,
                           .models = {{.id = u"opus"_s}, {.id = u"sonnet"_s}},
                           .abilities = {u"can_resume"_s, u"takes_mcp"_s},
                           .accounts = {all.begin(), all.begin() + accounts},
                           .homeVariable = u"CLAUDE_CONFIG_DIR"_s}};
    m_bed = std::make_unique<SettingsBed>(*m_values, SettingsBed::Providers);
    auto *list = m_bed->list(u"Accounts"_s);
    QTRY_COMPARE(list->model()->rowCount(), accounts);
    if (accounts > 0)
        list->setCurrentIndex(list->model()->index(1, 0));
    if (width > 0)
        m_bed->dialog().resize(width, 520);
    takePictures(m_bed->dialog(), m_theme, u"accounts-%1"_s.arg(QLatin1StringView(QTest::currentDataTag())));
    const auto *facts = namedIn<QLabel>(&m_bed->dialog(), u"State"_s);
    QVERIFY(facts->isVisible());
    QVERIFY(m_bed->button(u"Add account…"_s)->isVisible());
    if (accounts > 0)
        return;
    auto *dialog = addDialog();
    takePictures(*dialog, m_theme, u"account-add-folder"_s);
    setWay(dialog, u"ANTHROPIC_API_KEY"_s);
    takePictures(*dialog, m_theme, u"account-add-key"_s);
}

QTEST_MAIN(TestSettingsAccounts)
#include "tst_settings_accounts.moc"
