# Unpacks a release's bundle (docs/releases-in-two-slots.md) with Perl alone, which each Debian has:
# the Node that could do it better is in the bundle. Nothing is checked but its form.
#   zstd -dc BUNDLE | perl unpack-bundle.pl FOLDER
use strict;
use warnings;
use File::Basename 'dirname';
use File::Path 'make_path';

my $folder = shift // die "unpack-bundle: into which folder?\n";
binmode STDIN;

sub take {
  my ($bytes) = @_;
  my $piece = '';
  while (length $piece < $bytes) {
    read(STDIN, $piece, $bytes - length $piece, length $piece) or die "the bundle ends too early\n";
  }
  return $piece;
}

take(20) eq "countertap bundle 1\n" or die "this is no bundle of Countertap\n";
my $length = unpack 'N', take(4);
$length <= 8 * 1024 * 1024 or die "its manifest is too long\n";
my $manifest = take($length);
while ($manifest =~ /\{"path":"([^"\\]+)","size":(\d+),"mode":(420|493),/g) {
  my ($path, $size, $mode) = ($1, $2, $3);
  die "a path that leads out of it\n" if $path =~ m{^/|(?:^|/)\.\.?(?:/|$)};
  make_path(dirname("$folder/$path"));
  open(my $file, '>:raw', "$folder/$path") or die "$path: $!\n";
  for (my $left = $size; $left > 0;) {
    my $piece = take($left < 1_048_576 ? $left : 1_048_576);
    print $file $piece or die "$path: $!\n";
    $left -= length $piece;
  }
  close($file) or die "$path: $!\n";
  chmod $mode, "$folder/$path";
}
