-- A journal as version 1 left it. Never changed: real ones look like this.
PRAGMA application_id = 1131694700;
PRAGMA user_version = 1;
CREATE TABLE entries (
  sequence INTEGER PRIMARY KEY,
  payment TEXT,
  event TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  data TEXT NOT NULL,
  attached TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
INSERT INTO entries VALUES (1, 'p0', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '0000000000000000000000000000000000000000000000000000000000000000', '58aa812ad7ccfa757d287d239e2970ede38ac69f8e38a84e5ed2949182287170');
INSERT INTO entries VALUES (2, 'p0', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p0","state":"asking","open":true,"settled":false,"startedMs":1767268800000,"record":{"amountMinor":1250}},"contents":{"account":"f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b","transcript":"ecab48e5abc554bf29f85a540baf9a69bed53a71e9abbe4b1ef0f5b13f3a6c9d"}}', '58aa812ad7ccfa757d287d239e2970ede38ac69f8e38a84e5ed2949182287170', '5290c0e5139f52cc3bf9c20851603315981593a531f553b903ea9d16b0862324');
INSERT INTO entries VALUES (3, 'p1', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '5290c0e5139f52cc3bf9c20851603315981593a531f553b903ea9d16b0862324', 'ac9d4112baeea6b18f1984173d7c5bb36f9b3e5b583063b860c2fe6605d92571');
INSERT INTO entries VALUES (4, 'p1', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p1","state":"asking","open":true,"settled":false,"startedMs":1767268800001,"record":{"amountMinor":1250}},"contents":{"account":"7c8975e1e60a5c8337f28edf8c33c3b180360b7279644a9bc1af3c51e6220bf5","transcript":"2df491d0e5282cd9dc9797213c9de8619f3d22b31394f1f12b38f2b32d1aac80"}}', 'ac9d4112baeea6b18f1984173d7c5bb36f9b3e5b583063b860c2fe6605d92571', '05f9de4adc4e8abab50904e4320493b52ef568aa3eacc763e0dd7065a206611f');
INSERT INTO entries VALUES (5, 'p2', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '05f9de4adc4e8abab50904e4320493b52ef568aa3eacc763e0dd7065a206611f', '765b8a644ea8509627da855ab793c8124d3f5cab178aba7787140179a7aeec03');
INSERT INTO entries VALUES (6, 'p2', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p2","state":"asking","open":true,"settled":false,"startedMs":1767268800002,"record":{"amountMinor":1250}},"contents":{"account":"f83b332be4e6a5a4b1c56aaf6db52657da495e149870057d8590ab9d7a6167ad","transcript":"13b24dd00357291aa493926af08c9cde6af743f4359a2ae8f2038c3fe574abfb"}}', '765b8a644ea8509627da855ab793c8124d3f5cab178aba7787140179a7aeec03', '588168e115de747e0b573dc9eef15790290df8708eae010d79738cafe832ae30');
INSERT INTO entries VALUES (7, 'p3', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '588168e115de747e0b573dc9eef15790290df8708eae010d79738cafe832ae30', '5e773a35066e59e47376910007a5d5f085923159db7ca57b1e5d5392ac3f82e9');
INSERT INTO entries VALUES (8, 'p3', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p3","state":"asking","open":true,"settled":false,"startedMs":1767268800003,"record":{"amountMinor":1250}},"contents":{"account":"6aa56c4bcd208911792ad24c7681fefb93bed51903afc54860c9bd37e41e5a31","transcript":"3091d334ed9715eb0f629fc4ee3e92cfa462c3985de0f487a2abe2f225219c9f"}}', '5e773a35066e59e47376910007a5d5f085923159db7ca57b1e5d5392ac3f82e9', '8598ad889950feb5f31e9281464db18da94e87137eea53380d2c09bc52ee4380');
INSERT INTO entries VALUES (9, 'p4', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '8598ad889950feb5f31e9281464db18da94e87137eea53380d2c09bc52ee4380', '50ae29454e730833c2ae412365ea8d322b83cd0f3fdd0cd645fe351d25338739');
INSERT INTO entries VALUES (10, 'p4', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p4","state":"asking","open":true,"settled":false,"startedMs":1767268800004,"record":{"amountMinor":1250}},"contents":{"account":"cb4cdf1351c7b7812e52b873640ab20bd748a7142ffec144b18439bc8b833924","transcript":"c9ce9e17ea4043ccae9140c3413df7ed508573e281417aa02cb413d9ce1a6210"}}', '50ae29454e730833c2ae412365ea8d322b83cd0f3fdd0cd645fe351d25338739', '5ab09214f70bb224fcc2a17c56d97a3bddd5da3a1f8ac1fcdc095cf91e05939d');
INSERT INTO entries VALUES (11, 'p5', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '5ab09214f70bb224fcc2a17c56d97a3bddd5da3a1f8ac1fcdc095cf91e05939d', 'c141bdc0a01bbc82cdcbeb9512a72a23077b706203c5195e2a33b43f1e65ffba');
INSERT INTO entries VALUES (12, 'p5', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p5","state":"asking","open":true,"settled":false,"startedMs":1767268800005,"record":{"amountMinor":1250}},"contents":{"account":"b1bcccf15ed0a0bd63635ae686af9f75e522ab057c928e39f65ee83048d72c75","transcript":"3f2757f735aac96a5725be8d7d243609db1a240e57d036f51fe2ca1a09c0b321"}}', 'c141bdc0a01bbc82cdcbeb9512a72a23077b706203c5195e2a33b43f1e65ffba', '46ecd861c337a70e8daa108f61e6f7e90c1a2d82bb6dc939d8007d82ab8483f4');
INSERT INTO entries VALUES (13, 'p6', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '46ecd861c337a70e8daa108f61e6f7e90c1a2d82bb6dc939d8007d82ab8483f4', '1fd3d5fdf8c18575ba17f8602f98a5b9ae21da990a5cde9a817784c1e461e737');
INSERT INTO entries VALUES (14, 'p6', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p6","state":"asking","open":true,"settled":false,"startedMs":1767268800006,"record":{"amountMinor":1250}},"contents":{"account":"1352286f7dddf65efce52c789476c7e917ecdd98d1c1ca9ab2dde1e4964caefe","transcript":"4bbe2839eb84de66ad71971105efde7e4f98445963c2a22d3748367eae98a8a9"}}', '1fd3d5fdf8c18575ba17f8602f98a5b9ae21da990a5cde9a817784c1e461e737', '7cf7abf9882db4dac360eb6194b96b6c0ab2d08799183802ac64a3f96a56e25f');
INSERT INTO entries VALUES (15, 'p7', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '7cf7abf9882db4dac360eb6194b96b6c0ab2d08799183802ac64a3f96a56e25f', '59038ae5bbe12317c905181f67b8f07436c3ec259a08e3e619684d9d394fcb92');
INSERT INTO entries VALUES (16, 'p7', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p7","state":"asking","open":true,"settled":false,"startedMs":1767268800007,"record":{"amountMinor":1250}},"contents":{"account":"6cfeeb3aa25d3f411dae5eec17d7369ca7153e72dcf54bcf4c3daec0f5b21fc7","transcript":"bb13a39ce1f99f424d70006f17c7f53b0f2773b1b2095754da2b0960206a25ce"}}', '59038ae5bbe12317c905181f67b8f07436c3ec259a08e3e619684d9d394fcb92', 'e649970b3de93431c1c6c87859f945c6b716284168f776c5f365371bafda671e');
INSERT INTO entries VALUES (17, 'p8', 'started', 1767268800000, '{"amountMinor":1250}', '{}', 'e649970b3de93431c1c6c87859f945c6b716284168f776c5f365371bafda671e', 'df99de3208f1ec0ba048fdcc1c8d2f3fa19a026969925de9661bf03c02303c42');
INSERT INTO entries VALUES (18, 'p8', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p8","state":"asking","open":true,"settled":false,"startedMs":1767268800008,"record":{"amountMinor":1250}},"contents":{"account":"225eba79de1b87885554c16b2aac6b3bf873b62082a79f1a73420e01bc440ca3","transcript":"e78d9e18008abff598fb06a01b36eb803239dd3e782d4f893e9a1813791381f7"}}', 'df99de3208f1ec0ba048fdcc1c8d2f3fa19a026969925de9661bf03c02303c42', '8cb38d4cc015c97c591f1c549f1fb5324f0569ea4c1d19b2b994eeee8cbd6688');
INSERT INTO entries VALUES (19, 'p9', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '8cb38d4cc015c97c591f1c549f1fb5324f0569ea4c1d19b2b994eeee8cbd6688', 'cf263bc19981b2c0271717428f5f906ccf4c44036d392fcfbb663d7d47e9cc55');
INSERT INTO entries VALUES (20, 'p9', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p9","state":"asking","open":true,"settled":false,"startedMs":1767268800009,"record":{"amountMinor":1250}},"contents":{"account":"aa725e51a9d8e9a8abe3cefa68561d19a4b06c6f1526e46e3a55a23aef753c73","transcript":"6ac4745fb67352c6393ba95cb618cf36cbb271c95714fd864e788427580add3a"}}', 'cf263bc19981b2c0271717428f5f906ccf4c44036d392fcfbb663d7d47e9cc55', '06ac2a2ac0b3fe50513dd44c438151450472b9666179dfb8c4acd4503858c2d2');
INSERT INTO entries VALUES (21, 'p10', 'started', 1767268800000, '{"amountMinor":1250}', '{}', '06ac2a2ac0b3fe50513dd44c438151450472b9666179dfb8c4acd4503858c2d2', 'a2496ee5e25379b3e2df2db8d9523bf5c2923679e5d901a01787fed934e90c4f');
INSERT INTO entries VALUES (22, 'p10', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p10","state":"asking","open":true,"settled":false,"startedMs":1767268800010,"record":{"amountMinor":1250}},"contents":{"account":"c2a74daea21f6caad6b7794dcfd121cbaa0bddc3407ce5f5fdc1914bd5e7ff90","transcript":"a4fe2b76625552186fb58d64e93f3a60120dc044ac8e1241f8878392316fe3b7"}}', 'a2496ee5e25379b3e2df2db8d9523bf5c2923679e5d901a01787fed934e90c4f', 'c7e1984cf4f8f5399ced7f3bfb39a85a5ff4ac9a7b14bd4e31a0e3cc3fc6e507');
INSERT INTO entries VALUES (23, 'p11', 'started', 1767268800000, '{"amountMinor":1250}', '{}', 'c7e1984cf4f8f5399ced7f3bfb39a85a5ff4ac9a7b14bd4e31a0e3cc3fc6e507', '9bdac5b6a169b99413ad9b5acb169a20b6fd2ac36cb959ad7b0905250c16bfa6');
INSERT INTO entries VALUES (24, 'p11', 'asked', 1767268800000, '{}', '{"row":{"tillId":"till-p11","state":"asking","open":true,"settled":false,"startedMs":1767268800011,"record":{"amountMinor":1250}},"contents":{"account":"7885d9787cff36149f5166f2ad9167505a15fc132f946d6c7938f867d940326d","transcript":"6cbeb955659f300e0d0e2bcfbe4e3b9d5ee5c455284bc0a152ddb4854fe3d3d5"},"open":12,"unsettled":12}', '9bdac5b6a169b99413ad9b5acb169a20b6fd2ac36cb959ad7b0905250c16bfa6', 'da742325da651b2b2c3f0726a2e30cddc4d9234d55358a6a2f973b8d5a7c166f');
INSERT INTO entries VALUES (25, 'p1', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p1","state":"approved","open":false,"settled":true,"startedMs":1767268800001,"record":{"amountMinor":1250}}}', 'da742325da651b2b2c3f0726a2e30cddc4d9234d55358a6a2f973b8d5a7c166f', '6e10670f93b3596f0685ee9350193f12c886f0460a03593fddf4cf8324630838');
INSERT INTO entries VALUES (26, 'p2', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p2","state":"approved","open":false,"settled":true,"startedMs":1767268800002,"record":{"amountMinor":1250}}}', '6e10670f93b3596f0685ee9350193f12c886f0460a03593fddf4cf8324630838', 'b4193a4aac8729017e18ba8e0e4f413a1eda52352a8c20913507438d8493f4d8');
INSERT INTO entries VALUES (27, 'p3', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p3","state":"approved","open":false,"settled":true,"startedMs":1767268800003,"record":{"amountMinor":1250}}}', 'b4193a4aac8729017e18ba8e0e4f413a1eda52352a8c20913507438d8493f4d8', '8a2d0eb9791ecb4d2f3e4b940790cbbb9bf86eee2a69fe288cfcab97f2f61b5f');
INSERT INTO entries VALUES (28, 'p4', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p4","state":"approved","open":false,"settled":true,"startedMs":1767268800004,"record":{"amountMinor":1250}}}', '8a2d0eb9791ecb4d2f3e4b940790cbbb9bf86eee2a69fe288cfcab97f2f61b5f', '2481fe626a3403d9653ccbbf9562fb109dacc85b848a9496878f1fef97c51f7c');
INSERT INTO entries VALUES (29, 'p5', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p5","state":"approved","open":false,"settled":true,"startedMs":1767268800005,"record":{"amountMinor":1250}}}', '2481fe626a3403d9653ccbbf9562fb109dacc85b848a9496878f1fef97c51f7c', '5f7235e69abe7ee6a5ea675c2122bc2d98c3918501b9bd53e56517674837f69e');
INSERT INTO entries VALUES (30, 'p6', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p6","state":"approved","open":false,"settled":true,"startedMs":1767268800006,"record":{"amountMinor":1250}}}', '5f7235e69abe7ee6a5ea675c2122bc2d98c3918501b9bd53e56517674837f69e', '9837c42955fdc0c61f36de643f4b399539a914e0072cf0941481ea079a25fccd');
INSERT INTO entries VALUES (31, 'p7', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p7","state":"approved","open":false,"settled":true,"startedMs":1767268800007,"record":{"amountMinor":1250}}}', '9837c42955fdc0c61f36de643f4b399539a914e0072cf0941481ea079a25fccd', 'c7ad7a1946b28028c63aa82efc3e022263b0752ea638f74996613baf3b033e71');
INSERT INTO entries VALUES (32, 'p8', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p8","state":"approved","open":false,"settled":true,"startedMs":1767268800008,"record":{"amountMinor":1250}}}', 'c7ad7a1946b28028c63aa82efc3e022263b0752ea638f74996613baf3b033e71', '1056dde78e30bfec1a092a10ab68d79268316d7dcf8cd4efbce19e856286d9a2');
INSERT INTO entries VALUES (33, 'p9', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p9","state":"approved","open":false,"settled":true,"startedMs":1767268800009,"record":{"amountMinor":1250}}}', '1056dde78e30bfec1a092a10ab68d79268316d7dcf8cd4efbce19e856286d9a2', '6317b0805872d0537cca85c25b5efe83e855dbd54f49d25ec145d489246bd615');
INSERT INTO entries VALUES (34, 'p11', 'approved', 1767268800000, '{"code":"00"}', '{"row":{"tillId":"till-p11","state":"approved","open":false,"settled":true,"startedMs":1767268800011,"record":{"amountMinor":1250}},"open":2,"unsettled":2}', '6317b0805872d0537cca85c25b5efe83e855dbd54f49d25ec145d489246bd615', '0afb384921dcd045dec7448ab7350c9d7d45b4bb90010a9c5b9e3717e02b03a1');
INSERT INTO entries VALUES (35, NULL, 'signedOn', 1767268800000, '{"stan":7}', '{"open":2,"unsettled":2}', '0afb384921dcd045dec7448ab7350c9d7d45b4bb90010a9c5b9e3717e02b03a1', '44b2069b392ede88eab00579eec93a7c6a2f72ff83fd2cb6ae63a3207da14154');
INSERT INTO entries VALUES (40, NULL, 'signedOn', 1767268800000, '{"stan":8}', '{"open":2,"unsettled":2}', 'e357b97a6d99161c29352f4bd953584bd7bc33d88e1aba984bf580e74adef95c', 'b325c9cad2a69a60e4154cf1e202776834bbbb213ebae65a2787f8233d8b69ae');
INSERT INTO entries VALUES (41, NULL, 'removed', 1767268800000, '{"payments":4,"gaps":[{"from":36,"to":39,"previous":"44b2069b392ede88eab00579eec93a7c6a2f72ff83fd2cb6ae63a3207da14154","hash":"e357b97a6d99161c29352f4bd953584bd7bc33d88e1aba984bf580e74adef95c"}]}', '{"open":2,"unsettled":2}', 'b325c9cad2a69a60e4154cf1e202776834bbbb213ebae65a2787f8233d8b69ae', 'd7736ce6063566a542d0e1ebaa4ddbc48a71e500f88451f9a26360c9caa65806');
CREATE TABLE payments (
  id TEXT PRIMARY KEY,
  till_id TEXT UNIQUE,
  state TEXT NOT NULL,
  open INTEGER NOT NULL,
  settled INTEGER NOT NULL,
  started_ms INTEGER NOT NULL,
  sequence INTEGER NOT NULL UNIQUE REFERENCES entries (sequence)
) STRICT;
INSERT INTO payments VALUES ('p0', 'till-p0', 'asking', 1, 0, 1767268800000, 2);
INSERT INTO payments VALUES ('p1', 'till-p1', 'approved', 0, 1, 1767268800001, 25);
INSERT INTO payments VALUES ('p2', 'till-p2', 'approved', 0, 1, 1767268800002, 26);
INSERT INTO payments VALUES ('p3', 'till-p3', 'approved', 0, 1, 1767268800003, 27);
INSERT INTO payments VALUES ('p4', 'till-p4', 'approved', 0, 1, 1767268800004, 28);
INSERT INTO payments VALUES ('p5', 'till-p5', 'approved', 0, 1, 1767268800005, 29);
INSERT INTO payments VALUES ('p6', 'till-p6', 'approved', 0, 1, 1767268800006, 30);
INSERT INTO payments VALUES ('p7', 'till-p7', 'approved', 0, 1, 1767268800007, 31);
INSERT INTO payments VALUES ('p8', 'till-p8', 'approved', 0, 1, 1767268800008, 32);
INSERT INTO payments VALUES ('p9', 'till-p9', 'approved', 0, 1, 1767268800009, 33);
INSERT INTO payments VALUES ('p10', 'till-p10', 'asking', 1, 0, 1767268800010, 22);
INSERT INTO payments VALUES ('p11', 'till-p11', 'approved', 0, 1, 1767268800011, 34);
CREATE TABLE attachments (
  payment TEXT NOT NULL,
  name TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (payment, name)
) STRICT;
INSERT INTO attachments VALUES ('p0', 'account', 2, x'00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO attachments VALUES ('p1', 'account', 4, x'01010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101010101');
INSERT INTO attachments VALUES ('p2', 'account', 6, x'02020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202');
INSERT INTO attachments VALUES ('p3', 'account', 8, x'03030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303030303');
INSERT INTO attachments VALUES ('p4', 'account', 10, x'04040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404040404');
INSERT INTO attachments VALUES ('p5', 'account', 12, x'05050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505050505');
INSERT INTO attachments VALUES ('p6', 'account', 14, x'06060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606060606');
INSERT INTO attachments VALUES ('p7', 'account', 16, x'07070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707070707');
INSERT INTO attachments VALUES ('p8', 'account', 18, x'08080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808080808');
INSERT INTO attachments VALUES ('p9', 'account', 20, x'09090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909090909');
INSERT INTO attachments VALUES ('p10', 'account', 22, x'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a');
INSERT INTO attachments VALUES ('p11', 'account', 24, x'0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b');
INSERT INTO attachments VALUES ('p0', 'transcript', 2, x'2b294acc2b4e2eca2c2851c84f532830e02a1915a0540000');
INSERT INTO attachments VALUES ('p1', 'transcript', 4, x'2b294acc2b4e2eca2c2851c84f532830e42a1915a0540000');
INSERT INTO attachments VALUES ('p2', 'transcript', 6, x'2b294acc2b4e2eca2c2851c84f532830e22a1915a0540000');
INSERT INTO attachments VALUES ('p3', 'transcript', 8, x'2b294acc2b4e2eca2c2851c84f532830e62a1915a0540000');
INSERT INTO attachments VALUES ('p4', 'transcript', 10, x'2b294acc2b4e2eca2c2851c84f532830e12a1915a0540000');
INSERT INTO attachments VALUES ('p5', 'transcript', 12, x'2b294acc2b4e2eca2c2851c84f532830e52a1915a0540000');
INSERT INTO attachments VALUES ('p6', 'transcript', 14, x'2b294acc2b4e2eca2c2851c84f532830e32a1915a0540000');
INSERT INTO attachments VALUES ('p7', 'transcript', 16, x'2b294acc2b4e2eca2c2851c84f532830e72a1915a0540000');
INSERT INTO attachments VALUES ('p8', 'transcript', 18, x'2b294acc2b4e2eca2c2851c84f5328b0e02a1915a0540000');
INSERT INTO attachments VALUES ('p9', 'transcript', 20, x'2b294acc2b4e2eca2c2851c84f5328b0e42a1915a0540000');
INSERT INTO attachments VALUES ('p10', 'transcript', 22, x'2b294acc2b4e2eca2c2851c84f53283034e02a1915a1810800');
INSERT INTO attachments VALUES ('p11', 'transcript', 24, x'2b294acc2b4e2eca2c2851c84f53283034e42a1915a1810800');
CREATE TABLE removing (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
CREATE INDEX entries_of ON entries (payment, sequence) WHERE payment IS NOT NULL;
CREATE INDEX entries_own ON entries (event, sequence) WHERE payment IS NULL;
CREATE INDEX payments_open ON payments (started_ms) WHERE open = 1;
CREATE INDEX payments_unsettled ON payments (started_ms) WHERE settled = 0;
CREATE INDEX payments_started ON payments (started_ms);
CREATE TRIGGER entries_at_the_end BEFORE INSERT ON entries
WHEN NEW.sequence <= (SELECT max(sequence) FROM entries)
BEGIN SELECT raise(ABORT, 'the journal grows at its end only'); END;
CREATE TRIGGER entries_stay BEFORE DELETE ON entries
WHEN NOT EXISTS (SELECT 1 FROM removing)
BEGIN SELECT raise(ABORT, 'entries of the journal stay'); END;
CREATE TRIGGER entries_stand BEFORE UPDATE ON entries
BEGIN SELECT raise(ABORT, 'entries of the journal never change'); END;
